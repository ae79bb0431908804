namespace Firezone.Grains.Sessions;

/// <summary>What a silo's own services tell the grains that hold a session here. Never called from another silo.</summary>
[Alias("fz.ISessionGrain")]
public interface ISessionGrain : IGrainWithGuidKey
{
    /// <summary>The account has a newer snapshot on this silo.</summary>
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

    /// <summary>The front-end of the session is gone, and the socket with it.</summary>
    [OneWay, Alias("OnFrontEndGone")]
    Task OnFrontEndGone(Guid sessionId);
}
