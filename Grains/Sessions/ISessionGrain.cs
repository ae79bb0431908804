using Firezone.Grains.Abstractions.Sessions;

namespace Firezone.Grains.Sessions;

/// <summary>What a silo's own services tell the grains that hold a session here. Never called from another silo.</summary>
[Alias("fz.ISessionGrain")]
public interface ISessionGrain : IGrainWithGuidKey
{
    /// <summary>The account has changed in a way that concerns the session; see <see cref="LocalSession.TakeChange"/>.</summary>
    [OneWay, AlwaysInterleave, Alias("OnAccountChanged")]
    Task OnAccountChanged();

    /// <summary>The set of online relays has changed and been quiet since for the debounce time.</summary>
    [OneWay, AlwaysInterleave, Alias("OnRelaysChanged")]
    Task OnRelaysChanged();

    /// <summary>The instant for which the grain has scheduled itself has come.</summary>
    [OneWay, AlwaysInterleave, Alias("OnDue")]
    Task OnDue();

    /// <summary>
    /// Announces the session's presence again, because the grain that held it may be gone. Fails when that grain cannot be reached now.
    /// </summary>
    [AlwaysInterleave, Alias("Announce")]
    Task Announce();

    /// <summary>What the session rests on was revoked: its socket is closed, and nothing is granted to it from now on.</summary>
    [OneWay, Alias("OnRevoked")]
    Task OnRevoked(Guid sessionId, CloseReason reason);

    /// <summary>The database was asked about the client itself: whether it is verified may have changed unnoticed.</summary>
    [OneWay, AlwaysInterleave, Alias("OnVerification")]
    Task OnVerification(bool verified);

    /// <summary>The front-end of the session is gone, and the socket with it.</summary>
    [OneWay, Alias("OnFrontEndGone")]
    Task OnFrontEndGone(Guid sessionId);

    /// <summary>
    /// The silo goes out of service or stops: the activation moves to another one, where the session's front-end attaches it again. Without effect on a
    /// silo in service, to which the call may come late.
    /// </summary>
    /// <param name="force">Even if flows are on their way that would be lost.</param>
    [OneWay, AlwaysInterleave, Alias("OnDrained")]
    Task OnDrained(bool force);
}
