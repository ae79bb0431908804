using Firezone.Admin.Authentication;
using Firezone.Admin.Data;
using Firezone.Admin.Operations;
using Firezone.Admin.Problems;
using Firezone.Admin.Routing;
using Firezone.Grains.Abstractions.Operations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Firezone.Admin.Sessions;

/// <summary>Routes of single sessions: of the caller's account, and for operators of all, relays included.</summary>
internal static class LiveSessionEndpoints
{
    public static void Map(IEndpointRouteBuilder read, IEndpointRouteBuilder end)
    {
        read.MapGet("/sessions/{session_id:guid}/state", Get)
            .WithName("getSessionState").WithSummary("Show what its front-end and its grain know of a session now");
        end.MapPost("/sessions/{session_id:guid}/disconnect", Disconnect)
            .Returns<DisconnectedSession>("disconnectSession", "End a session; the device connects anew if it is allowed to")
            .ProducesSilence();
    }

    private static async Task<Ok<LiveSession>> Get(
        Guid session_id, Caller caller, IServiceProvider services, Nodes nodes, CancellationToken ct)
    {
        var facts = caller.AccountId is null
            ? await services.GetRequiredService<ClusterDb>().GetAsync<SessionFacts>(SessionFacts.Any, new { id = session_id }, ct)
            : await services.GetRequiredService<AccountDb>().GetAsync<SessionFacts>(SessionFacts.Own, new { id = session_id }, ct);
        var asking = nodes.Grain.GetSocket(facts.FrontEndId, facts.Id);
        var inspecting = nodes.Grain.GetSession(facts.Kind, facts.DeviceId, facts.Id);
        await Task.WhenAll(asking, inspecting).WaitAsync(ct);
        return TypedResults.Ok(Compose(facts, await asking, await inspecting));
    }

    private static Task<IResult> Disconnect(
        Guid session_id, DisconnectSession? body, Caller caller, Changes changes, Nodes nodes, CancellationToken ct)
    {
        return caller.AccountId is null
            ? changes.RunForClusterAsync(
                change => EndAsync(
                    change.FindAsync<SessionFacts>(SessionFacts.Any, new { id = session_id }),
                    () => change.ExecuteAsync(SessionFacts.End, new { id = session_id }),
                    (facts, ended) => change.LogAsync(facts.AccountId, "session.disconnect", facts.Id, null, ended)),
                ct)
            : changes.RunAsync(
                change => EndAsync(
                    change.FindAsync<SessionFacts>(SessionFacts.Own, new { id = session_id }),
                    () => change.ExecuteAsync(SessionFacts.End + " and account_id = @account", new { id = session_id }),
                    (facts, ended) => change.LogAsync("session.disconnect", facts.Id, null, ended)),
                ct);

        async Task<Outcome> EndAsync(Task<SessionFacts?> find, Func<Task> end, Func<SessionFacts, DisconnectedSession, Task> log)
        {
            var facts = await find ?? throw ProblemException.NotFound();
            var answer = await nodes.Grain.Disconnect(facts.FrontEndId, facts.Id).WaitAsync(ct);
            if (answer.Reach is NodeReach.Silent)
            {
                throw new ProblemException(
                    Problem.Silent($"Front-end {facts.FrontEnd} ({facts.FrontEndId}), which has the session, does not answer."));
            }

            if (!answer.Value)
                await end();
            var ended = new DisconnectedSession(facts.Id, facts.Kind, facts.DeviceId, answer.Value, body?.Reason);
            await log(facts, ended);
            return Outcome.Ok(ended);
        }
    }

    private static LiveSession Compose(SessionFacts facts, NodeAnswer<SocketState> socket, NodeAnswer<SessionState> grain) => new()
    {
        Id = facts.Id,
        Kind = facts.Kind,
        AccountId = facts.AccountId,
        DeviceId = facts.DeviceId,
        DeviceName = facts.DeviceName,
        ActorId = facts.ActorId,
        ActorName = facts.ActorName,
        Version = facts.Version,
        RemoteIp = facts.RemoteIp,
        Region = facts.Region,
        FrontEndId = facts.FrontEndId,
        FrontEnd = facts.FrontEnd,
        OpenedAt = facts.OpenedAt,
        EndedAt = facts.EndedAt,
        AccountVersion = facts.AccountVersion,
        Socket = socket.Value is { } known ? LiveSocket.Of(known) : null,
        SocketProblem = socket switch
        {
            { Value: not null } => null,
            { Reach: NodeReach.Answered } => "not_connected",
            { Reach: NodeReach.Unknown } => "front_end_unknown",
            _ => "front_end_silent",
        },
        Grain = grain.Value is { IsAttached: true } state ? LiveGrain.Of(state) : null,
        GrainProblem = grain.Value switch
        {
            { IsAttached: true } => null,
            null => "silo_silent",
            _ => "not_attached",
        },
    };
}
