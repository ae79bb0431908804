using Firezone.Grains.Abstractions;
using Firezone.Grains.Abstractions.Clients;
using Firezone.Grains.Abstractions.FrontEnds;
using Firezone.Grains.Abstractions.Gateways;
using Firezone.Grains.Abstractions.Operations;
using Firezone.Grains.Abstractions.Relays;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime;

namespace Firezone.Grains.Operations;

/// <inheritdoc cref="IOperationsGrain" />
/// <remarks>
/// Not a stateless worker: an Orleans client's answer comes through whichever silo it uses, which finds the asking grain by its id, and would take
/// a worker of its own for it.
/// </remarks>
[PreferLocalPlacement, Reentrant]
public sealed partial class OperationsGrain(IClusterMembershipService membership, TimeProvider time, ILogger<OperationsGrain> logger)
    : Grain, IOperationsGrain
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <inheritdoc />
    public async Task<KnownNodes> GetNodes() => new([.. Silos.Select(silo => silo.Name).Order(StringComparer.Ordinal)], await FrontEndsAsync());

    /// <inheritdoc />
    public Task<NodeAnswer<DrainState>> Drain(string node, DrainOrder order) => Guid.TryParse(node, out var frontEndId)
        ? AskAsync(frontEndId, frontEnd => frontEnd.Drain(order))
        : AskAsync(node, (_, silo) => silo.Drain(order));

    /// <inheritdoc />
    public Task<NodeAnswer<DrainState>> Resume(string node, string by) => Guid.TryParse(node, out var frontEndId)
        ? AskAsync(frontEndId, frontEnd => frontEnd.Resume(by))
        : AskAsync(node, (_, silo) => silo.Resume(by));

    /// <inheritdoc />
    public Task<NodeAnswer<DrainState>> GetDrain(string node) => Guid.TryParse(node, out var frontEndId)
        ? AskAsync(frontEndId, frontEnd => frontEnd.GetDrain())
        : AskAsync(node, (_, silo) => silo.GetDrain());

    /// <inheritdoc />
    public Task<NodeAnswer<NodeLogLevels>> SetLogLevel(string node, LogLevelOrder order) => Guid.TryParse(node, out var frontEndId)
        ? AskAsync(frontEndId, async frontEnd => Levels("front_end", node, await frontEnd.SetLogLevel(order)))
        : AskAsync(node, async (silo, grain) => Levels("silo", silo.Name, await grain.SetLogLevel(order)));

    /// <inheritdoc />
    public async Task<NodeLogLevels[]> GetLogLevels(LogLevelOrder? order)
    {
        var silos = Silos.Select(silo => OrSilent("silo", silo.Name, AskAsync(silo.Name, async (_, grain) =>
            Levels("silo", silo.Name, await (order is null ? grain.GetLogLevels() : grain.SetLogLevel(order))))));
        var frontEnds = (await FrontEndsAsync()).Select(id => OrSilent("front_end", id.ToString(), AskAsync(id, async frontEnd =>
            Levels("front_end", id.ToString(), await (order is null ? frontEnd.GetLogLevels() : frontEnd.SetLogLevel(order))))));
        return await Task.WhenAll(silos.Concat(frontEnds));
    }

    /// <inheritdoc />
    public Task<NodeAnswer<bool>> Disconnect(Guid frontEndId, Guid sessionId) =>
        AskAsync(frontEndId, frontEnd => frontEnd.Disconnect(sessionId));

    /// <inheritdoc />
    public Task<NodeAnswer<SocketState>> GetSocket(Guid frontEndId, Guid sessionId) =>
        AskAsync<SocketState>(frontEndId, frontEnd => frontEnd.GetSocket(sessionId)!);

    /// <inheritdoc />
    public Task<NodeAnswer<SessionState>> GetSession(string kind, Guid deviceId, Guid sessionId) =>
        LimitAsync(kind, () => GrainFactory.Find<ISessionInspection>(GrainOf(kind, deviceId)).Inspect(sessionId));

    private IFrontEndDirectoryGrain Directory => GrainFactory.GetGrain<IFrontEndDirectoryGrain>(0);

    private GrainId GrainOf(string kind, Guid deviceId) => kind switch
    {
        "client" => GrainFactory.GetGrain<IClientGrain>(deviceId).GetGrainId(),
        "gateway" => GrainFactory.GetGrain<IGatewayGrain>(deviceId).GetGrainId(),
        _ => GrainFactory.GetGrain<IRelayGrain>(deviceId).GetGrainId(),
    };

    private IEnumerable<ClusterMember> Silos => membership.CurrentSnapshot.Members.Values.Where(silo => silo.Status is not SiloStatus.Dead);

    private async Task<Guid[]> FrontEndsAsync() => (await LimitAsync("The directory of front-ends", Directory.GetView)).Value?.Alive ?? [];

    private static NodeLogLevels Levels(string kind, string id, LogLevelOverride[] levels) => new(kind, id, NodeReach.Answered, levels);

    private static async Task<NodeLogLevels> OrSilent(string kind, string id, Task<NodeAnswer<NodeLogLevels>> asking) =>
        (await asking).Value ?? new(kind, id, NodeReach.Silent, []);

    private Task<NodeAnswer<T>> AskAsync<T>(string name, Func<ClusterMember, INodeGrain, Task<T>> ask)
    {
        if (Silos.FirstOrDefault(silo => silo.Name == name || silo.SiloAddress.Endpoint.ToString() == name) is not { } found)
            return Task.FromResult(new NodeAnswer<T>(NodeReach.Unknown, default));
        return LimitAsync(name, () => ask(found, GrainFactory.GetGrain<INodeGrain>(found.SiloAddress.ToParsableString())));
    }

    private async Task<NodeAnswer<T>> AskAsync<T>(Guid frontEndId, Func<IFrontEndObserver, Task<T>> ask)
    {
        var found = await LimitAsync(frontEndId, () => Directory.Find(frontEndId));
        if (found is not { Reach: NodeReach.Answered, Value: { } place })
            return new(NodeReach.Silent, default);
        if (place.FrontEnd is { } frontEnd)
            return await LimitAsync(frontEndId, () => ask(frontEnd));
        // A young directory has not heard of everybody yet.
        return new(place.Settled ? NodeReach.Unknown : NodeReach.Silent, default);
    }

    private async Task<NodeAnswer<T>> LimitAsync<T>(object whom, Func<Task<T>> ask)
    {
        try
        {
            return new(NodeReach.Answered, await ask().WaitAsync(Patience, time));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogSilent(e, whom);
            return new(NodeReach.Silent, default);
        }
    }

    [LoggerMessage(EventId = 3521, Level = LogLevel.Information, Message = "{Whom} does not answer an operator")]
    private partial void LogSilent(Exception exception, object whom);
}
