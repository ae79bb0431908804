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
        _applied = meter.CreateCounter<long>("firezone.changes.applied", "{row}", "Recorded configuration changes that were applied to a snapshot");
        _applyTime = meter.CreateHistogram<double>("firezone.changes.apply_time", "s", "Time to apply one read of changes to a snapshot");
        _readWhole = meter.CreateCounter<long>("firezone.accounts.read_whole", "{account}", "Accounts that were read as a whole");
        _woken = meter.CreateCounter<long>("firezone.changes.sessions_woken", "{session}", "Sessions that a change concerned");
        _revoked = meter.CreateCounter<long>("firezone.sessions.revoked", "{session}", "Sessions closed because what they rest on was revoked");
        _lookFailures = meter.CreateCounter<long>("firezone.changes.look_failures", "{look}", "Looks for unnoticed changes that failed");
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
