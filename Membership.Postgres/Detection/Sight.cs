namespace Firezone.Membership.Postgres.Detection;

/// <summary>Whether this silo hears the signals. Proof is its own heartbeat coming back, again and again, on a session that is up.</summary>
internal sealed class Sight(DetectorSettings settings)
{
    private TimeSpan _echo;

    public bool ListenIsUp { get; private set; }

    public bool IsSighted { get; private set; }

    /// <summary>When it was last sighted anew: silence of others before that means nothing.</summary>
    public TimeSpan Since { get; private set; }

    public TimeSpan? Deadline => IsSighted ? _echo + settings.EchoLimit : null;

    /// <summary>True for the first call after a loss.</summary>
    public bool Up()
    {
        var first = !ListenIsUp;
        ListenIsUp = true;
        return first;
    }

    /// <summary>True when sight is lost by it.</summary>
    public bool Down()
    {
        ListenIsUp = false;
        return Lose();
    }

    /// <summary>True when sight is gained by it.</summary>
    public bool Echo(TimeSpan now)
    {
        if (!ListenIsUp)
            return false;
        _echo = now;
        if (IsSighted)
            return false;
        IsSighted = true;
        Since = now;
        return true;
    }

    /// <summary>True when sight is lost by the passing of time.</summary>
    public bool Expire(TimeSpan now) => now >= Deadline && Lose();

    private bool Lose()
    {
        var had = IsSighted;
        IsSighted = false;
        return had;
    }
}
