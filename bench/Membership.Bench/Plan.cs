namespace Firezone.Membership.Bench;

/// <summary>How often and how long things are measured.</summary>
/// <param name="Runs">Of everything that is quick.</param>
/// <param name="SlowRuns">Of what takes about a minute each time where nothing is pushed.</param>
/// <param name="Idle">How long the database's statements are counted.</param>
/// <param name="Calm">How long calls are made before a rolling restart, for comparison.</param>
internal sealed record Plan(int Runs, int SlowRuns, TimeSpan Idle, TimeSpan Calm)
{
    public const int Silos = 3;

    /// <summary>What has not been seen by then counts as later than that.</summary>
    public static readonly TimeSpan Cap = TimeSpan.FromSeconds(65);

    /// <summary>Callers of the load, grains, and pause of a caller between two calls in milliseconds.</summary>
    public static readonly (int Concurrency, int Grains, int Pause) Load = (16, 300, 4);

    public static Plan Create(bool isShort, int? runs) => isShort
        ? new Plan(runs ?? 2, 1, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(5))
        : new Plan(runs ?? 5, Math.Min(runs ?? 5, 2), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(10));
}
