using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Firezone.Storage.Postgres.Retention;

/// <summary>
/// What housekeeping did and how far behind it is. Meter <see cref="StorageMetrics.MeterName"/>; the tag <c>table</c> tells them apart.
/// </summary>
public sealed class RetentionMetrics
{
    private readonly Counter<long>? _deleted;
    private readonly ConcurrentDictionary<string, double> _oldest = new();
    private volatile bool _elected;

    /// <summary>Creates the instruments; without a factory nothing is recorded.</summary>
    /// <param name="meters">The host's.</param>
    public RetentionMetrics(IMeterFactory? meters = null)
    {
        if (meters?.Create(StorageMetrics.MeterName) is not { } meter)
            return;
        _deleted = meter.CreateCounter<long>("firezone.housekeeping.rows_deleted", "{row}", "Expired rows that were deleted.");
        meter.CreateObservableGauge(
            "firezone.housekeeping.oldest_expired",
            () => _oldest.Select(o => new Measurement<double>(o.Value, Tag(o.Key))),
            "s",
            "How long ago the oldest row that is still there ran out; of the elected process only.");
        meter.CreateObservableGauge(
            "firezone.housekeeping.elected", () => _elected ? 1 : 0, "{process}", "Whether this process does the cluster's housekeeping.");
    }

    /// <summary>Whether this process does the cluster's housekeeping.</summary>
    public bool IsElected => _elected;

    internal void Deleted(string table, long rows) => _deleted?.Add(rows, Tag(table));

    internal void Oldest(string table, TimeSpan age) => _oldest[table] = age.TotalSeconds;

    /// <summary>What this process knew of the tables is forgotten when it loses the role: somebody else reports it then.</summary>
    internal void Elected(bool elected)
    {
        _elected = elected;
        if (!elected)
            _oldest.Clear();
    }

    private static KeyValuePair<string, object?> Tag(string table) => new("table", table);
}
