namespace Firezone.Membership.Postgres.Signals;

/// <summary>What a NOTIFY says. A signal is a hint: it may be lost, late, repeated or forged, and the table decides.</summary>
public abstract record Signal
{
    private Signal()
    {
    }

    /// <summary>The membership table has this version, or a later one.</summary>
    public sealed record TableChanged(int Version) : Signal;

    /// <summary>The silo is there. Sent every heartbeat interval, after its session came up again, and as the answer to a roll call.</summary>
    /// <param name="Silo">The sender.</param>
    /// <param name="HoldsLock">Whether the sender holds its session lock, so that waiting for the lock makes sense.</param>
    /// <param name="Region">Label of its region, possibly empty.</param>
    public sealed record Heartbeat(SiloId Silo, bool HoldsLock, string Region) : Signal;

    /// <summary>The silo is about to stop: give it no new work.</summary>
    public sealed record Goodbye(SiloId Silo) : Signal;

    /// <summary>The silo takes no new activations, or takes them again. Repeated with every heartbeat as long as it does not.</summary>
    public sealed record Drains(SiloId Silo, bool On) : Signal;

    /// <summary>Asks every silo for a heartbeat now.</summary>
    public sealed record RollCall : Signal;
}
