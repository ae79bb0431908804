using Firezone.Admin.Authentication;
using Firezone.Admin.Data;
using Firezone.Admin.Problems;
using Firezone.Admin.Routing;
using Firezone.Grains.Abstractions.Operations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Firezone.Admin.Operations;

/// <summary>Routes by which processes are taken out of service and back into it.</summary>
internal static class DrainEndpoints
{
    private const string FrontEnd = "front-end";
    private const string Silo = "silo";
    private const int LongestId = 100;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/operations/front-ends/{front_end_id:guid}", GetFrontEnd)
            .WithName("getFrontEnd").WithSummary("Tell whether a front-end is in service, or how far it is drained").ProducesSilence();
        routes.MapPost("/operations/front-ends/{front_end_id:guid}/drain", DrainFrontEnd)
            .Returns<NodeState>("drainFrontEnd", "Take a front-end out of service; its sockets are closed bit by bit").ProducesSilence();
        routes.MapPost("/operations/front-ends/{front_end_id:guid}/resume", ResumeFrontEnd)
            .Returns<NodeState>("resumeFrontEnd", "Take a front-end back into service").ProducesSilence();
        routes.MapGet("/operations/silos/{silo_id}", GetSilo)
            .WithName("getSilo").WithSummary("Tell whether a silo is in service, or how far it is drained").ProducesSilence();
        routes.MapPost("/operations/silos/{silo_id}/drain", DrainSilo)
            .Returns<NodeState>("drainSilo", "Take a silo out of service; its sessions move to others and stay connected").ProducesSilence();
        routes.MapPost("/operations/silos/{silo_id}/resume", ResumeSilo)
            .Returns<NodeState>("resumeSilo", "Take a silo back into service").ProducesSilence();
    }

    private static async Task<Ok<NodeState>> GetFrontEnd(Guid front_end_id, Nodes nodes, CancellationToken ct) =>
        TypedResults.Ok(await AskAsync(nodes, FrontEnd, $"{front_end_id}", operations => operations.GetDrain($"{front_end_id}"), ct));

    private static Task<IResult> DrainFrontEnd(
        Guid front_end_id, StartDrain? body, Caller caller, Nodes nodes, Changes changes, CancellationToken ct) =>
        DrainAsync(FrontEnd, $"{front_end_id}", body, caller, nodes, changes, known => known.FrontEnds.Length, ct);

    private static Task<IResult> ResumeFrontEnd(Guid front_end_id, Caller caller, Nodes nodes, Changes changes, CancellationToken ct) =>
        ResumeAsync(FrontEnd, $"{front_end_id}", caller, nodes, changes, ct);

    private static async Task<Ok<NodeState>> GetSilo(string silo_id, Nodes nodes, CancellationToken ct) =>
        TypedResults.Ok(await AskAsync(nodes, Silo, Name(silo_id), operations => operations.GetDrain(silo_id), ct));

    private static Task<IResult> DrainSilo(string silo_id, StartDrain? body, Caller caller, Nodes nodes, Changes changes, CancellationToken ct) =>
        DrainAsync(Silo, Name(silo_id), body, caller, nodes, changes, known => known.Silos.Length, ct);

    private static Task<IResult> ResumeSilo(string silo_id, Caller caller, Nodes nodes, Changes changes, CancellationToken ct) =>
        ResumeAsync(Silo, Name(silo_id), caller, nodes, changes, ct);

    /// <summary>A name or an address; an id would be taken for that of a front-end.</summary>
    private static string Name(string id) => id.Length <= LongestId && !Guid.TryParse(id, out _) ? id : throw ProblemException.NotFound();

    private static Task<IResult> DrainAsync(
        string kind,
        string id,
        StartDrain? body,
        Caller caller,
        Nodes nodes,
        Changes changes,
        Func<KnownNodes, int> count,
        CancellationToken ct)
    {
        if (body is { Rate: not null, Duration: not null })
            throw ProblemException.Invalid("duration", "cannot be given together with a rate");
        var order = new DrainOrder(body?.Rate, body?.Duration is { } seconds ? TimeSpan.FromSeconds(seconds) : null, caller.TokenName);
        return changes.RunForClusterAsync(
            async change =>
            {
                var before = await AskAsync(nodes, kind, id, operations => operations.GetDrain(id), ct);
                if (body?.Force != true && count(await nodes.Grain.GetNodes().WaitAsync(ct)) < 2)
                    throw ProblemException.Conflict($"There is no other {kind} to take over; say force if you mean it.", "force");
                var after = await AskAsync(nodes, kind, id, operations => operations.Drain(id, order), ct);
                await change.LogAsync(null, $"{Noun(kind)}.drain", Target(id), before, after);
                return Outcome.Ok(Unless(after));
            },
            ct);
    }

    private static Task<IResult> ResumeAsync(string kind, string id, Caller caller, Nodes nodes, Changes changes, CancellationToken ct) =>
        changes.RunForClusterAsync(
            async change =>
            {
                var before = await AskAsync(nodes, kind, id, operations => operations.GetDrain(id), ct);
                var after = await AskAsync(nodes, kind, id, operations => operations.Resume(id, caller.TokenName), ct);
                await change.LogAsync(null, $"{Noun(kind)}.resume", Target(id), before, after);
                return Outcome.Ok(Unless(after));
            },
            ct);

    private static async Task<NodeState> AskAsync(
        Nodes nodes, string kind, string id, Func<IOperationsGrain, Task<NodeAnswer<DrainState>>> ask, CancellationToken ct) =>
        NodeState.Of(Noun(kind), id, await nodes.AskAsync(kind, id, ask, ct));

    /// <summary>What stops cannot be drained or taken back, and nothing is written of it.</summary>
    private static NodeState Unless(NodeState state) => state.State == "stopping"
        ? throw ProblemException.Conflict($"{state.Id} is stopping; it cannot be taken out of service or back into it any more.")
        : state;

    private static string Noun(string kind) => kind.Replace('-', '_');

    private static Guid? Target(string id) => Guid.TryParse(id, out var guid) ? guid : null;
}
