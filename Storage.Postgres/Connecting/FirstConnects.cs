using Npgsql;

namespace Firezone.Storage.Postgres.Connecting;

/// <summary>What first connects of clients and gateways have in common.</summary>
internal static class FirstConnects
{
    /// <summary>How often a colliding address is replaced by the next.</summary>
    public const int MaxAttempts = 5;

    /// <summary>One round trip and transaction with the rest of the first connect: the pool's lock is held on the server only.</summary>
    public const string LockPool = "select lock_tunnel_pool($1)";

    /// <summary>
    /// An address was taken although the pool was locked: it was written by other means than ours. Or a deadlock with such a writer.
    /// </summary>
    public static bool IsCollision(PostgresException e) =>
        (e.SqlState == PostgresErrorCodes.UniqueViolation && e.TableName == "tunnel_addresses")
        || e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;

    /// <summary>For devices that did not say how they are called.</summary>
    public static string NameOr(string? name, string kind, Guid id) =>
        string.IsNullOrEmpty(name) ? $"{kind}-{id.ToString("N")[..8]}" : name;
}
