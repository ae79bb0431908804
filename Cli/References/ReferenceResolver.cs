using System.Text.Json.Nodes;
using Firezone.Cli.Api;
using Firezone.Cli.Output;

namespace Firezone.Cli.References;

/// <summary>Finds the id that a name stands for.</summary>
internal sealed class ReferenceResolver(ApiClient api)
{
    private const int MostMentioned = 10;
    private readonly Dictionary<(Thing, string), string> _known = [];

    /// <summary>The id of a thing that is named by its id or, where it has one, by its whole name. Case decides only between several.</summary>
    public async Task<string> ResolveAsync(Thing thing, string text, CancellationToken ct)
    {
        if (Guid.TryParse(text, out var id))
            return id.ToString();
        if (thing.Free && text.Length > 0)
            return Uri.EscapeDataString(text);
        if (text.Length == 0 || thing.Lists.Length == 0)
            throw CliException.Usage($"'{Printable.Of(text)}' is no {thing.Noun} id, and there are no names to look it up by.");
        if (!_known.TryGetValue((thing, text), out var found))
            _known[(thing, text)] = found = await FindAsync(thing, text, ct);
        return found;
    }

    private async Task<string> FindAsync(Thing thing, string text, CancellationToken ct)
    {
        var matches = thing.Key is { } key ? await MatchesAsync(thing, key, text, ct) : [];
        if (matches.Count == 0)
            matches = await MatchesAsync(thing, "name", text, ct);
        if (matches.Where(item => item.Text("name") == text).Take(2).ToList() is [var exact])
            matches = [exact];

        return matches switch
        {
            [] => throw CliException.Refused($"There is no {thing.Noun} '{Printable.Of(text)}'."),
            [var one] => one.Text("id")!,
            _ => throw CliException.Usage(Several(thing, text, matches)),
        };
    }

    private async Task<List<JsonObject>> MatchesAsync(Thing thing, string member, string text, CancellationToken ct)
    {
        List<JsonObject> matches = [];
        foreach (var list in thing.Lists)
        {
            await foreach (var item in api.ListAsync(list, [new(member, text)], null, ct))
            {
                if (string.Equals(item.Text(member), text, StringComparison.OrdinalIgnoreCase))
                    matches.Add(item);
            }
        }

        return matches;
    }

    private static string Several(Thing thing, string text, List<JsonObject> matches)
    {
        var lines = matches.Take(MostMentioned).Select(item =>
            $"\n  {item["id"]}  {Printable.Of(item.Text("name") ?? "")}"
            + string.Concat(thing.Marks.Where(mark => item[mark] is not null).Select(mark => $"  {Cell.Of(mark, item[mark])}")));
        var rest = matches.Count > MostMentioned ? $"\n  and {matches.Count - MostMentioned} more" : "";
        return $"'{Printable.Of(text)}' is the name of {matches.Count} {thing.Noun}s; take an id:{string.Concat(lines)}{rest}";
    }

}
