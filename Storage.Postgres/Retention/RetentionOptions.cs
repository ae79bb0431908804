namespace Firezone.Storage.Postgres.Retention;

/// <summary>What is kept for how long, and how gently the rest is deleted. Section <c>Retention</c>.</summary>
public sealed class RetentionOptions
{
    /// <summary>Configuration section.</summary>
    public const string SectionName = "Retention";

    /// <summary>Days from the start of a session to the deletion of its row, once it has ended. Default 30.</summary>
    public int SessionDays { get; set; } = 30;

    /// <summary>Days that a line of the audit log is kept. Default 400.</summary>
    public int AuditLogDays { get; set; } = 400;

    /// <summary>From the end of one round to the next, and how often the other processes try to take the work over. Default one minute.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Rows that one transaction deletes. Default 2,000.</summary>
    public int BatchRows { get; set; } = 2_000;

    /// <summary>Transactions per table and round at most; what is left has its turn in the next round. Default 100.</summary>
    public int BatchesPerRound { get; set; } = 100;

    /// <summary>Pause after a transaction; as long as the transaction itself if that took longer. Default 20 ms.</summary>
    public TimeSpan Pause { get; set; } = TimeSpan.FromMilliseconds(20);
}
