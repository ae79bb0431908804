namespace Firezone.Grains.Abstractions.Operations;

/// <summary>
/// The operators' way to single processes of the cluster, from any silo. Any key; of its own for each process that asks, so that it need not
/// go to another silo. Every answer comes within seconds: a process that does not
/// answer is <see cref="NodeReach.Silent"/>.
/// </summary>
[Alias("fz.IOperationsGrain")]
public interface IOperationsGrain : IGrainWithIntegerKey
{
    /// <summary>The processes that there are.</summary>
    [ResponseTimeout("00:00:10"), Alias("GetNodes")]
    Task<KnownNodes> GetNodes();

    /// <summary>Takes a process out of service. Returns when it has begun.</summary>
    /// <param name="node">A front-end's id, or a silo's name or address.</param>
    /// <param name="order">How.</param>
    [ResponseTimeout("00:00:10"), Alias("Drain")]
    Task<NodeAnswer<DrainState>> Drain(string node, DrainOrder order);

    /// <summary>Takes a process back into service, unless it stops.</summary>
    [ResponseTimeout("00:00:10"), Alias("Resume")]
    Task<NodeAnswer<DrainState>> Resume(string node, string by);

    /// <summary>Whether a process is in service, or how far it is on its way out.</summary>
    [ResponseTimeout("00:00:10"), Alias("GetDrain")]
    Task<NodeAnswer<DrainState>> GetDrain(string node);

    /// <summary>Changes what one process logs.</summary>
    /// <param name="node">A front-end's id, or a silo's name or address.</param>
    /// <param name="order">How.</param>
    [ResponseTimeout("00:00:10"), Alias("SetLogLevel")]
    Task<NodeAnswer<NodeLogLevels>> SetLogLevel(string node, LogLevelOrder order);

    /// <summary>The log levels of all processes, changed before if an order is given.</summary>
    [ResponseTimeout("00:00:10"), Alias("GetLogLevels")]
    Task<NodeLogLevels[]> GetLogLevels(LogLevelOrder? order = null);

    /// <summary>Ends a session's socket; its device connects anew. False: the front-end has no such session.</summary>
    [ResponseTimeout("00:00:10"), Alias("Disconnect")]
    Task<NodeAnswer<bool>> Disconnect(Guid frontEndId, Guid sessionId);

    /// <summary>What the front-end knows of a session; null: it has no such session.</summary>
    [ResponseTimeout("00:00:10"), Alias("GetSocket")]
    Task<NodeAnswer<SocketState>> GetSocket(Guid frontEndId, Guid sessionId);

    /// <summary>What the device's grain knows of a session.</summary>
    /// <param name="kind"><c>client</c>, <c>gateway</c> or <c>relay</c>.</param>
    /// <param name="deviceId">The device's or relay's id.</param>
    /// <param name="sessionId">The session.</param>
    [ResponseTimeout("00:00:10"), Alias("GetSession")]
    Task<NodeAnswer<SessionState>> GetSession(string kind, Guid deviceId, Guid sessionId);
}
