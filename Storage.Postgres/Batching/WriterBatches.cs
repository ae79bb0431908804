using Npgsql;

namespace Firezone.Storage.Postgres.Batching;

/// <summary>The bounds that all batches of the group-commit writers share.</summary>
internal static class WriterBatches
{
    private const int TimeoutSeconds = 5;

    /// <summary>
    /// A batch that does not wait for somebody else's open transaction: the rows that it holds fail instead of stalling all. The first
    /// command sets that for the batch's implicit transaction. Both lock waits are far above what the statements of this program hold a
    /// lock, so only foreign transactions are met.
    /// </summary>
    /// <param name="connection">Where to.</param>
    /// <param name="isolating">A bad row is being looked for.</param>
    /// <param name="settings">More of the transaction's settings, as SQL expressions that set them.</param>
    public static NpgsqlBatch Begin(NpgsqlConnection connection, bool isolating, string settings = "null")
    {
        var batch = new NpgsqlBatch(connection) { Timeout = TimeoutSeconds };
        batch.BatchCommands.Add(new($"select set_config('lock_timeout', $1, true), {settings}")
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = isolating ? "50ms" : "500ms" } },
        });
        return batch;
    }
}
