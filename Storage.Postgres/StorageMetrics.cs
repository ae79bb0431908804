using System.Diagnostics.Metrics;

namespace Firezone.Storage.Postgres;

/// <summary>What the writers count. Meter <c>Firezone.Storage.Postgres</c>; the tag <c>writer</c> tells them apart.</summary>
public sealed class StorageMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Firezone.Storage.Postgres";

    private readonly Counter<long>? _written;
    private readonly Counter<long>? _statements;
    private readonly Counter<long>? _rejected;
    private readonly Counter<long>? _dropped;
    private readonly Counter<long>? _failures;
    private readonly Counter<long>? _listens;

    /// <summary>Creates the instruments; without a factory nothing is recorded.</summary>
    /// <param name="meters">The host's.</param>
    public StorageMetrics(IMeterFactory? meters = null)
    {
        if (meters?.Create(MeterName) is not { } meter)
            return;
        _written = meter.CreateCounter<long>("firezone.storage.rows_written", "{row}", "Rows committed by the group-commit writers.");
        _statements = meter.CreateCounter<long>("firezone.storage.write_statements", "{statement}", "Multi-row statements they sent.");
        _rejected = meter.CreateCounter<long>("firezone.storage.rows_rejected", "{row}", "Rows that the database refused.");
        _dropped = meter.CreateCounter<long>("firezone.storage.rows_dropped", "{row}", "Rows given up: queue full or database away.");
        _failures = meter.CreateCounter<long>("firezone.storage.write_failures", "{failure}", "Statements that found no database.");
        _listens = meter.CreateCounter<long>("firezone.storage.listens", "{connect}", "Times that LISTEN was established.");
    }

    internal void Written(string writer, long rows) => _written?.Add(rows, Tag(writer));

    internal void Statement(string writer) => _statements?.Add(1, Tag(writer));

    internal void Rejected(string writer) => _rejected?.Add(1, Tag(writer));

    internal void Dropped(string writer) => _dropped?.Add(1, Tag(writer));

    internal void Failed(string writer) => _failures?.Add(1, Tag(writer));

    internal void Listening() => _listens?.Add(1);

    private static KeyValuePair<string, object?> Tag(string writer) => new("writer", writer);
}
