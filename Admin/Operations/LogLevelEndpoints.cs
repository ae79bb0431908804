using Firezone.Admin.Authentication;
using Firezone.Admin.Data;
using Firezone.Admin.Problems;
using Firezone.Admin.Routing;
using Firezone.Grains.Abstractions.Operations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Firezone.Admin.Operations;

/// <summary>Routes of log levels.</summary>
internal static class LogLevelEndpoints
{
    private const int LongestId = 100;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/operations/log-levels", List).WithName("listLogLevels").WithSummary("List what processes log otherwise than configured");
        routes.MapPut("/operations/log-levels", SetAll)
            .Returns<LogLevelList>("setLogLevels", "Change a log level in all processes for a while");
        routes.MapPost("/operations/log-levels/reset", Reset)
            .Returns<LogLevelList>("resetLogLevels", "Take a changed log level back in all processes");
        routes.MapPut("/operations/nodes/{node_id}/log-level", Set)
            .Returns<NodeLogLevelsView>("setNodeLogLevel", "Change a log level in one process for a while").ProducesSilence();
    }

    private static async Task<Ok<LogLevelList>> List(Nodes nodes, CancellationToken ct) =>
        TypedResults.Ok(ListOf(await nodes.Grain.GetLogLevels().WaitAsync(ct)));

    private static Task<IResult> SetAll(SetLogLevel body, Caller caller, Nodes nodes, Changes changes, CancellationToken ct) =>
        ChangeAllAsync(Order(body, caller), "log_level.set", nodes, changes, ct);

    private static Task<IResult> Reset(ResetLogLevel body, Caller caller, Nodes nodes, Changes changes, CancellationToken ct) =>
        ChangeAllAsync(new LogLevelOrder(body.Category!, null, TimeSpan.Zero, caller.TokenName), "log_level.reset", nodes, changes, ct);

    private static Task<IResult> Set(string node_id, SetLogLevel body, Caller caller, Nodes nodes, Changes changes, CancellationToken ct)
    {
        if (node_id.Length > LongestId)
            throw ProblemException.NotFound();
        var order = Order(body, caller);
        return changes.RunForClusterAsync(
            async change =>
            {
                var node = NodeLogLevelsView.Of(
                    await nodes.AskAsync("front-end or silo", node_id, operations => operations.SetLogLevel(node_id, order), ct));
                await change.LogAsync(null, "log_level.set", Guid.TryParse(node_id, out var id) ? id : null, null, Change(order, node.Id));
                return Outcome.Ok(node);
            },
            ct);
    }

    private static Task<IResult> ChangeAllAsync(LogLevelOrder order, string action, Nodes nodes, Changes changes, CancellationToken ct) =>
        changes.RunForClusterAsync(
            async change =>
            {
                var all = ListOf(await nodes.Grain.GetLogLevels(order).WaitAsync(ct));
                await change.LogAsync(null, action, null, null, Change(order, "all"));
                return Outcome.Ok(all);
            },
            ct);

    private static LogLevelOrder Order(SetLogLevel body, Caller caller) =>
        GuardedCategories.Contains(body.Category!)
            ? throw ProblemException.Invalid("category", "keeps its level: its lines may hold credentials")
            : new LogLevelOrder(body.Category!, body.Level, TimeSpan.FromSeconds(body.For), caller.TokenName);

    private static object Change(LogLevelOrder order, string node) =>
        new { Node = node, order.Category, order.Level, Seconds = (int)order.For.TotalSeconds };

    private static LogLevelList ListOf(NodeLogLevels[] nodes) => new([.. nodes.Select(NodeLogLevelsView.Of)]);
}
