using System.Globalization;
using System.Text.Json.Nodes;
using Firezone.Cli.Commands;
using Firezone.Cli.References;
using Firezone.Cli.Values;
using Firezone.Cli.Watching;
using static Firezone.Cli.Commands.Inputs;

namespace Firezone.Cli.Catalog;

/// <summary>What operators do to single processes of the cluster.</summary>
internal static class NodeOperations
{
    private static readonly Input Category = Argument("category", "Of the log lines, or its beginning; Default for all that no other rule names");

    private static readonly Input[] LevelInputs =
    [
        Category,
        Argument("level", "trace, debug, information, warning, error, critical or none"),
        Text("--for", "for", $"How long; 15m unless given: {Moment.LengthSyntax}") with { Convert = Moment.Seconds },
    ];

    private static readonly Input[] DrainInputs =
    [
        Text("--rate", "rate", "Sessions per second; without it and --duration its own pace") with { Convert = Number },
        Text("--duration", "duration", $"The time that it takes, instead of a rate: {Moment.LengthSyntax}") with { Convert = Moment.Seconds },
        new("--force", Place.Body, "force", "Also when there is no other one to take over") { Flag = true, Constant = true },
        new("--wait", Place.Local, Drain.Wait, "Until it has no session left") { Flag = true, Constant = true },
    ];

    public static readonly Operation[] All =
    [
        new("node front-end", "Shows whether a front-end is in service, or how far it is drained", "GET /v1/operations/front-ends/{front_end_id}",
            Of(Things.FrontEnd, "front_end_id"))
        {
            Show = NodeView.Show,
        },
        new("drain front-end", "Takes a front-end out of service; its sockets are closed bit by bit",
            "POST /v1/operations/front-ends/{front_end_id}/drain", [Of(Things.FrontEnd, "front_end_id"), .. DrainInputs])
        {
            Run = Drain.RunAsync,
        },
        new("resume front-end", "Takes a front-end back into service", "POST /v1/operations/front-ends/{front_end_id}/resume",
            Of(Things.FrontEnd, "front_end_id"))
        {
            Show = NodeView.Show,
        },
        new("node silo", "Shows whether a silo is in service, or how far it is drained", "GET /v1/operations/silos/{silo_id}", Of(Things.Silo))
        {
            Show = NodeView.Show,
        },
        new("drain silo", "Takes a silo out of service; its sessions move to others and stay connected",
            "POST /v1/operations/silos/{silo_id}/drain", [Of(Things.Silo), .. DrainInputs])
        {
            Run = Drain.RunAsync,
        },
        new("resume silo", "Takes a silo back into service", "POST /v1/operations/silos/{silo_id}/resume", Of(Things.Silo))
        {
            Show = NodeView.Show,
        },
        new("log-level list", "Lists what processes log otherwise than configured", "GET /v1/operations/log-levels") { Show = LogLevelView.Show },
        new("log-level set", "Changes a log level in one process for a while", "PUT /v1/operations/nodes/{node_id}/log-level",
            [Of(Things.Node), .. LevelInputs])
        {
            Show = LogLevelView.ShowNode,
        },
        new("log-level set-all", "Changes a log level in all processes for a while", "PUT /v1/operations/log-levels", LevelInputs)
        {
            Show = LogLevelView.Show,
        },
        new("log-level reset", "Takes a changed log level back in all processes", "POST /v1/operations/log-levels/reset", Category)
        {
            Show = LogLevelView.Show,
        },
    ];

    private static JsonNode Number(string text, TimeProvider time) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw CliException.Usage($"'{text}' is not a number.");
}
