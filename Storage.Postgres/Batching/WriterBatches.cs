using Npgsql;

namespace Firezone.Storage.Postgres.Batching;

/// <summary>The bounds that all batches of the group-commit writers share.</summary>
internal static class WriterBatches
{
    private const int TimeoutSeconds = 5;

    private const string Limit = "select set_config('lock_timeout', $1, true)";
    private const string LimitAndPlan = "select set_config('lock_timeout', $1, true), set_config('plan_cache_mode', 'force_generic_plan', true)";

    /// <summary>
    /// A batch that does not wait for somebody else's open transaction: the rows that it holds fail instead of stalling all. The first
    /// command sets that for the batch's implicit transaction. Both lock waits are far above what the statements of this program hold a
    /// lock, so only foreign transactions are met.
    /// </summary>
    /// <param name="database">Where to.</param>
    /// <param name="isolating">A bad row is being looked for.</param>
    /// <param name="planOnce">
    /// The statement is planned once per connection and for any number of rows. Left to itself the server plans it anew for each small batch,
    /// because it holds small arrays for cheaper than others; with many tables in it that takes longer than the statement.
    /// </param>
    public static NpgsqlBatch Begin(Database database, bool isolating, bool planOnce = false)
    {
        var batch = database.Write.CreateBatch();
        batch.Timeout = TimeoutSeconds;
        batch.BatchCommands.Add(new(planOnce ? LimitAndPlan : Limit)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = isolating ? "50ms" : "500ms" } },
        });
        return batch;
    }
}
