namespace Firezone.Storage.Postgres.Availability;

/// <summary>
/// Decides who may ask a database that may be away. After some failures in a row nobody does, for a short time; then one does, and its
/// outcome decides for all. A database that comes back is so not met by everybody at once.
/// </summary>
/// <remarks>No clock, no I/O, no chance: whoever calls says what time it is. Not safe for concurrent callers.</remarks>
public sealed class Circuit
{
    /// <summary>Failures in a row that open it.</summary>
    public const int Failures = 5;

    /// <summary>How long nobody asks at first; twice as long after each further failure.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);

    /// <summary>How long nobody asks at most, give or take a half.</summary>
    public static readonly TimeSpan LastPause = TimeSpan.FromSeconds(2);

    /// <summary>The one that asks is given up after this, and another may.</summary>
    public static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(5);

    private int _failures;
    private TimeSpan _pause = FirstPause;
    private TimeSpan _until;

    /// <summary>As of the last call.</summary>
    public CircuitState State { get; private set; }

    /// <summary>Whether the caller may ask. If so, it must report the outcome.</summary>
    /// <param name="now">Of a clock that never goes back.</param>
    public bool TryEnter(TimeSpan now)
    {
        if (State == CircuitState.Closed)
            return true;
        if (now < _until)
            return false;
        State = CircuitState.HalfOpen;
        _until = now + ProbeLimit;
        return true;
    }

    /// <summary>The database has answered.</summary>
    public void Succeeded()
    {
        State = CircuitState.Closed;
        _failures = 0;
        _pause = FirstPause;
    }

    /// <summary>The database has not answered, or not in time.</summary>
    /// <param name="now">As above.</param>
    /// <param name="chance">From 0 to 1; spreads the instants at which several processes ask again.</param>
    public void Failed(TimeSpan now, double chance)
    {
        // Those that entered before it opened come to the same end later and say nothing new.
        if (State == CircuitState.Open || (State == CircuitState.Closed && ++_failures < Failures))
            return;
        State = CircuitState.Open;
        _until = now + _pause * (0.5 + chance);
        _pause = _pause * 2 < LastPause ? _pause * 2 : LastPause;
    }
}
