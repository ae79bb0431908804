using Firezone.Grains.Abstractions.Operations;
using Firezone.Grains.Abstractions.Sessions;

namespace Firezone.Grains.Abstractions.FrontEnds;

/// <summary>
/// The one observer of a front-end process; grains push to all of its sockets through it. Messages for a session that is gone are
/// dropped. Orleans may deliver one-way calls in another order than they were made in, and may lose some with a silo, so pushes carry
/// numbers.
/// </summary>
[Alias("fz.IFrontEndObserver")]
public interface IFrontEndObserver : IGrainObserver
{
    /// <summary>Writes a push frame (<c>ref</c> null) on the role's topic.</summary>
    /// <param name="sessionId">The receiving session.</param>
    /// <param name="sequence">
    /// One more than that of the session's push before; the first after an attach is <see cref="AttachResult.FirstPush"/>. The front-end
    /// writes pushes in this order and drops those of an earlier attach; see <see cref="CheckPushes"/>.
    /// </param>
    /// <param name="eventName">The channel event.</param>
    /// <param name="payload">UTF-8 JSON of the payload; shared, never modified.</param>
    /// <param name="viewHash">
    /// Fingerprint of the device's view after this push, to be given back on resume; 0 leaves the remembered one unchanged.
    /// </param>
    [OneWay, Alias("Push")]
    Task Push(Guid sessionId, long sequence, string eventName, [Immutable] byte[] payload, ulong viewHash);

    /// <summary>By now the front-end must have the pushes before these numbers; it attaches the sessions again that miss one.</summary>
    /// <param name="sessionIds">Sessions of this front-end.</param>
    /// <param name="next">For each of them the number of the first push that may not have come.</param>
    [OneWay, Alias("CheckPushes")]
    Task CheckPushes([Immutable] Guid[] sessionIds, [Immutable] long[] next);

    /// <summary>Writes the same push to many sessions of this front-end; the frame is encoded once.</summary>
    [OneWay, Alias("PushMany")]
    Task PushMany([Immutable] Guid[] sessionIds, string eventName, [Immutable] byte[] payload);

    /// <summary>Writes a late reply to an earlier request.</summary>
    /// <param name="sessionId">The receiving session.</param>
    /// <param name="requestRef">The request's <c>ref</c> as raw JSON text, exactly as the front-end passed it with the request.</param>
    /// <param name="ok">True for status <c>ok</c>, false for <c>error</c>.</param>
    /// <param name="response">UTF-8 JSON of the <c>response</c> member.</param>
    [OneWay, Alias("Reply")]
    Task Reply(Guid sessionId, string requestRef, bool ok, [Immutable] byte[] response);

    /// <summary>
    /// The session's grain is being deactivated although its socket lives, for instance because its silo stops: attach it again.
    /// </summary>
    [OneWay, Alias("Lost")]
    Task Lost(Guid sessionId);

    /// <summary>A silo is leaving or has left: what it was about to answer may be lost, and its sessions need another one.</summary>
    [OneWay, Alias("SiloLeft")]
    Task SiloLeft();

    /// <summary>Ends the session's socket.</summary>
    [OneWay, Alias("Close")]
    Task Close(Guid sessionId, CloseReason reason);

    /// <summary>
    /// Another front-end is about to be let in: the connect rate limit is to be asked of the cluster from now on. Completes when the cluster
    /// knows what this front-end has let pass without asking.
    /// </summary>
    [Alias("ShareConnectRate")]
    Task ShareConnectRate();

    /// <summary>What operators are shown of this front-end.</summary>
    [Alias("Report")]
    Task<FrontEndReport> Report();

    /// <summary>An operator ends a session: its socket is closed, and the device connects anew. False: it is not here.</summary>
    [Alias("Disconnect")]
    Task<bool> Disconnect(Guid sessionId);

    /// <summary>Takes this process out of service: no new sockets, and those that are open are closed bit by bit. Returns at once.</summary>
    [Alias("Drain")]
    Task<DrainState> Drain(DrainOrder order);

    /// <summary>Takes this process back into service, unless it stops.</summary>
    [Alias("Resume")]
    Task<DrainState> Resume(string by);

    /// <summary>Whether this process is in service, or how far it is on its way out.</summary>
    [Alias("GetDrain")]
    Task<DrainState> GetDrain();

    /// <summary>Changes what this process logs.</summary>
    /// <returns>What is in force then.</returns>
    [Alias("SetLogLevel")]
    Task<LogLevelOverride[]> SetLogLevel(LogLevelOrder order);

    /// <summary>What this process logs otherwise than configured.</summary>
    [Alias("GetLogLevels")]
    Task<LogLevelOverride[]> GetLogLevels();

    /// <summary>What this process knows of a session; null: it is not here.</summary>
    [Alias("GetSocket")]
    Task<SocketState?> GetSocket(Guid sessionId);
}
