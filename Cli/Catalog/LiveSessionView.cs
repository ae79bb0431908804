using System.Text.Json.Nodes;
using Firezone.Cli.Output;
using Spectre.Console;

namespace Firezone.Cli.Catalog;

/// <summary>One session: who it is, what its front-end knows of the socket, what its grain knows.</summary>
internal static class LiveSessionView
{
    public static void Show(Report report, JsonObject session)
    {
        var owner = session.Text("actor_name") is { } actor ? $" of {actor}" : "";
        var life = session.Text("ended_at") is { } end ? $"ended {Cell.Time(end)}" : "live";
        report.Line($"{session.Text("kind")} {session.Text("device_name") ?? session.Text("device_id")}{owner}, {life}");
        ShowMembers(report, session, "id device_id version remote_ip region front_end front_end_id opened_at account_version".Split(' '));
        ShowPart(report, session, "socket");
        ShowPart(report, session, "grain");
        if (session.Object("grain") is { } grain && grain["snapshot_version"] is { } seen && !JsonNode.DeepEquals(seen, session["account_version"]))
            report.Note("firezone: a change is under way: the session's silo has not seen the newest version of the account yet.");
    }

    private static void ShowPart(Report report, JsonObject session, string name)
    {
        if (session.Object(name) is { } part)
        {
            report.Section($"{name}:");
            ShowMembers(report, part, part.Where(member => member.Value is not null).Select(member => member.Key));
        }
        else
        {
            report.Section($"{name}: {session.Text($"{name}_problem")?.Replace('_', ' ')}");
        }
    }

    private static void ShowMembers(Report report, JsonObject item, IEnumerable<string> members)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(2).PadRight(3)).AddColumn();
        foreach (var member in members)
            grid.AddRow(new Text(member), new Text(Cell.Of(member, item[member])));
        report.Write(grid);
    }
}
