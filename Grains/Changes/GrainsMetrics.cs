using System.Diagnostics.Metrics;

namespace Firezone.Grains.Changes;

/// <summary>Meter <c>Firezone.Grains</c>: how changes reach the sessions of this silo. Thread-safe.</summary>
public sealed class GrainsMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Firezone.Grains";

    private readonly Counter<long> _applied;
    private readonly Histogram<double> _applyTime;
    private readonly Counter<long> _readWhole;
    private readonly Counter<long> _woken;
    private readonly Counter<long> _revoked;
    private readonly Counter<long> _lookFailures;

    /// <summary>Creates the instruments.</summary>
    public GrainsMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _applied = meter.CreateCounter<long>("firezone.changes.applied", "{row}", "Recorded configuration changes that were applied to a snapshot.");
        _applyTime = meter.CreateHistogram(
            "firezone.changes.apply_time",
            "s",
            "Time to apply one read of changes to a snapshot.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5] });
        _readWhole = meter.CreateCounter<long>("firezone.accounts.read_whole", "{account}", "Accounts that were read as a whole.");
        _woken = meter.CreateCounter<long>("firezone.changes.sessions_woken", "{session}", "Sessions that a change concerned.");
        _revoked = meter.CreateCounter<long>("firezone.sessions.revoked", "{session}", "Sessions closed because what they rest on was revoked.");
        _lookFailures = meter.CreateCounter<long>("firezone.changes.look_failures", "{look}", "Looks for unnoticed changes that failed.");
    }

    internal void Applied(int rows, TimeSpan took)
    {
        _applied.Add(rows);
        _applyTime.Record(took.TotalSeconds);
    }

    internal void ReadWhole() => _readWhole.Add(1);

    internal void Woken(int sessions) => _woken.Add(sessions);

    internal void Revoked(int sessions) => _revoked.Add(sessions);

    internal void LookFailed() => _lookFailures.Add(1);
}
