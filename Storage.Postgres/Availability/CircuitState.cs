namespace Firezone.Storage.Postgres.Availability;

/// <summary>Whether the database is asked at all.</summary>
public enum CircuitState
{
    /// <summary>It answers; everybody may ask.</summary>
    Closed = 0,

    /// <summary>It did not answer; one asks, the others wait for what comes of it.</summary>
    HalfOpen = 1,

    /// <summary>It did not answer a moment ago; nobody asks.</summary>
    Open = 2,
}
