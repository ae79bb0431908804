namespace Firezone.Membership.Postgres.Signals;

/// <summary>Receives what the LISTEN session hears. Called from the session's loop, one call at a time, and must not block.</summary>
public interface ISignalHandler
{
    /// <summary>LISTEN is in effect and proved to work. Everything said before may have been missed: read the table again.</summary>
    /// <param name="holdsLock">Whether this session holds the silo's lock. A lock not got at once is tried again; then the call is repeated.</param>
    void OnUp(bool holdsLock);

    /// <summary>The session is lost; a new one is being opened.</summary>
    void OnDown();

    /// <summary>A valid signal, of this process too.</summary>
    void OnSignal(Signal signal);
}
