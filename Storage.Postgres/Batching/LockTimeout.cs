using Npgsql;

namespace Firezone.Storage.Postgres.Batching;

/// <summary>Keeps a batch from waiting for somebody else's open transaction: the rows that it holds fail instead of stalling all.</summary>
internal static class LockTimeout
{
    /// <summary>
    /// The first command of a batch; holds until the batch's implicit transaction ends. Both waits are far above what the statements of
    /// this program hold a lock, so only a foreign transaction is met.
    /// </summary>
    public static NpgsqlBatchCommand Command(bool isolating) => new("select set_config('lock_timeout', $1, true)")
    {
        Parameters = { new NpgsqlParameter<string> { TypedValue = isolating ? "50ms" : "500ms" } },
    };
}
