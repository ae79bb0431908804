using System.Text.Json.Nodes;
using Firezone.Cli.References;
using Spectre.Console;

namespace Firezone.Cli.Output;

/// <summary>What a command tells: tables for people, JSON for machines.</summary>
internal sealed class Report(Surroundings surroundings, NameBook names, bool json)
{
    private readonly IAnsiConsole _console = surroundings.Renderer();

    public bool IsJson => json;

    /// <summary>A list as a table; ids of other things are shown as their names.</summary>
    public async Task ListAsync(IReadOnlyList<JsonObject> items, string columns, CancellationToken ct)
    {
        if (json)
        {
            WriteJson(new JsonArray([.. items]));
            return;
        }

        var members = columns.Split(' ');
        await names.LearnAsync(items, members, ct);
        var table = NewTable(members.Select(Heading));
        foreach (var item in items)
            table.AddRow(members.Select(member => new Text(Value(item, member))));
        Write(table);
    }

    /// <summary>An object, one member a line.</summary>
    public async Task ObjectAsync(JsonObject item, bool withNames, CancellationToken ct)
    {
        if (json)
        {
            WriteJson(item);
            return;
        }

        if (withNames)
            await names.LearnAsync([item], item.Select(member => member.Key), ct);
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn();
        var token = AddMembers(grid, "", item);
        Write(grid);
        if (token)
            Note("The token is shown only now; keep it.");
    }

    /// <summary>That something is done which leaves nothing to show.</summary>
    public void Done(string text)
    {
        if (!json)
            surroundings.Out.WriteLine(Printable.Of(text));
    }

    /// <summary>Something beside the result: it does not get into pipes.</summary>
    public void Note(string text) => surroundings.Error.WriteLine(text);

    public void Line(string text) => surroundings.Out.WriteLine(Printable.Of(text));

    /// <summary>A heading, set off from what is above it.</summary>
    public void Section(string text)
    {
        surroundings.Out.WriteLine();
        Line(text);
    }

    public void Write(Spectre.Console.Rendering.IRenderable what) => _console.Write(what);

    public void WriteJson(JsonNode node) => surroundings.Out.WriteLine(node.ToJsonString(Json.Indented));

    public void WriteJsonLine(JsonNode node) => surroundings.Out.WriteLine(node.ToJsonString(Json.Compact));

    /// <summary>A table without lines, as wide as its content.</summary>
    public static Table NewTable(IEnumerable<string> headings)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (var heading in headings)
        {
            var text = new Text(heading, new Style(decoration: Decoration.Bold));
            table.AddColumn(new TableColumn(text) { NoWrap = heading == "ID", Padding = new Padding(0, 0, 2, 0) });
        }

        return table;
    }

    private bool AddMembers(Grid grid, string prefix, JsonObject item)
    {
        var token = false;
        foreach (var (member, value) in item)
        {
            if (value is JsonObject { Count: > 0 } nested)
            {
                token |= AddMembers(grid, $"{prefix}{member}.", nested);
                continue;
            }

            token |= member == "token" && value is not null;
            var text = Cell.Of(member, value);
            if (names.Find(text) is { Length: > 0 } name && Things.OfMember(member) is not null)
                text = $"{Printable.Of(name)} ({text})";
            grid.AddRow(new Text(prefix + member), new Text(text));
        }

        return token;
    }

    private string Value(JsonObject item, string member)
    {
        if (member == "change")
            return Change.Between(item.Object("before"), item.Object("after"));
        if (member.StartsWith('='))
            return Cell.Of("id", item[member[1..]]);
        if (Things.OfMember(member) is not null && item.Text(member) is { } id && names.Find(id) is { Length: > 0 } name)
            return Printable.Of(name);
        return Cell.Of(member, item[member]);
    }

    public static string Heading(string member)
    {
        var name = Things.OfMember(member)?.Noun ?? member switch
        {
            ['=', ..] => "id",
            "last_seen_at" => "seen",
            _ when member.StartsWith("last_seen_", StringComparison.Ordinal) => member["last_seen_".Length..],
            _ when member.EndsWith("_at", StringComparison.Ordinal) => member[..^"_at".Length],
            _ => member,
        };
        return name.Replace('_', ' ').ToUpperInvariant();
    }
}
