using System.Text.Json.Nodes;
using Firezone.Cli.Output;
using Firezone.Cli.Values;
using Spectre.Console;

namespace Firezone.Cli.Catalog;

/// <summary>Why a client reaches a resource or not: the verdict, the facts about the client, every policy, the gateway.</summary>
internal static class ExplainView
{
    public static void Show(Report report, JsonObject answer)
    {
        var granted = answer.Text("access") == "granted";
        var verdict = $"{(granted ? "GRANTED" : "DENIED")}{(granted ? "" : $": {answer.Text("reason")}")}";
        report.Write(new Text(Printable.Of(verdict) + "\n", new Style(granted ? Color.Green : Color.Red, decoration: Decoration.Bold)));
        if (answer.Text("detail") is { } detail)
            report.Line(detail);
        else if (answer.Text("expires_at") is { } expiry)
            report.Line($"until {Cell.Time(expiry)}");
        if (answer["violated_properties"] is JsonArray { Count: > 0 } violated)
            report.Line($"violated: {Cell.Of("", violated)}");

        ShowSubject(report, answer.Object("subject"));
        ShowPolicies(report, answer);
        ShowGateway(report, answer.Object("gateway"));
        if (!JsonNode.DeepEquals(answer["account_version"], answer["snapshot_version"]))
            report.Note("firezone: a change is under way: the silo that answered has not seen the newest version of the account yet.");
    }

    private static void ShowSubject(Report report, JsonObject? subject)
    {
        if (subject is null)
            return;
        report.Section($"client of {subject.Text("actor_name")} ({subject.Text("actor_type")}), "
            + (subject.Text("source") == "live_session" ? "connected" : "not connected; as it was at its last connect"));
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(2).PadRight(3)).AddColumn();
        foreach (var member in new[] { "remote_ip", "region", "verified", "version", "auth_provider_id", "token_expires_at" })
            grid.AddRow(new Text(member), new Text(Cell.Of(member, subject[member])));
        report.Write(grid);
    }

    private static void ShowPolicies(Report report, JsonObject answer)
    {
        var policies = answer.Objects("policies").ToList();
        report.Section($"policies of the resource: {policies.Count}");
        foreach (var policy in policies)
        {
            var tree = new Tree(new Text($"{Mark(policy.IsTrue("in_effect") && policy.IsTrue("conforms"))} {Headline(policy)}"));
            foreach (var condition in policy.Objects("conditions"))
                tree.AddNode(new Text($"{Mark(condition.IsTrue("passes"))} {Printable.Of(Condition.Write(condition))}{Until(condition)}"));
            report.Write(tree);
        }
    }

    private static string Headline(JsonObject policy)
    {
        string?[] facts =
        [
            policy.IsTrue("member") ? "member" : "not a member",
            policy.IsTrue("disabled") ? "disabled" : null,
            policy.IsTrue("member") && !policy.IsTrue("disabled") && !policy.IsTrue("in_effect") ? "not in effect yet" : null,
            policy.IsTrue("conforms") ? null : "conditions not met",
            policy.IsTrue("chosen") ? "chosen" : null,
        ];
        return Printable.Of($"{policy.Text("group_name")} ({policy.Text("policy_id")}): {string.Join(", ", facts.OfType<string>())}{Until(policy)}");
    }

    private static void ShowGateway(Report report, JsonObject? gateway)
    {
        if (gateway is null)
            return;
        report.Section(gateway.Text("gateway_id") is { } id
            ? $"gateway {gateway.Text("name")} ({id}) of site {gateway.Text("site_name")}, "
                + $"version {gateway.Text("version")}, at {gateway.Text("remote_ip")}"
            : $"no gateway of site {gateway.Text("site_name")}: {gateway.Text("failure")}");
    }

    private static string Mark(bool good) => good ? "+" : "-";

    private static string Until(JsonObject item) => item.Text("expires_at") is { } expiry ? $", until {Cell.Time(expiry)}" : "";
}
