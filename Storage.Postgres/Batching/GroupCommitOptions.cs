namespace Firezone.Storage.Postgres.Batching;

/// <summary>Bounds of a <see cref="GroupCommitWriter{T}"/>.</summary>
internal sealed record GroupCommitOptions
{
    /// <summary>For logs and metrics.</summary>
    public required string Name { get; init; }

    /// <summary>Rows that may wait; more are refused.</summary>
    public int Capacity { get; init; } = 20_000;

    /// <summary>Rows per statement.</summary>
    public int MaxBatch { get; init; } = 1_000;

    /// <summary>
    /// Statements that may be under way at once. With one, a row waits for half of somebody else's statement on average before its own
    /// begins; with more, rows are not written in the order in which they were added.
    /// </summary>
    public int MaxStatements { get; init; } = 1;

    /// <summary>
    /// How long the first row of a batch waits for company. Zero: not at all; what arrives while all statements are under way goes into the
    /// next one, so batches grow with the load by themselves.
    /// </summary>
    public TimeSpan Linger { get; init; }

    /// <summary>
    /// From the beginning of one statement to that of the next at least, unless as many rows as it takes are waiting. Zero: one after the
    /// other.
    /// </summary>
    public TimeSpan Interval { get; init; }

    /// <summary>How long a row may wait in all before it is given up. Infinite: until it is written or the writer is disposed.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long somebody waits for a row at most, also where rows that nobody waits for wait longer.</summary>
    public TimeSpan MaxCallerWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long disposal goes on writing what is queued.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
