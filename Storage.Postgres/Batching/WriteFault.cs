using System.Net.Sockets;
using Npgsql;

namespace Firezone.Storage.Postgres.Batching;

/// <summary>What a failed statement says about the rows in it.</summary>
internal enum WriteFault
{
    /// <summary>At least one row cannot be stored; the others may be fine.</summary>
    Row,

    /// <summary>Two transactions got in each other's way; the same statement may succeed at once.</summary>
    Conflict,

    /// <summary>The database is away, overloaded or not a primary; says nothing about the rows.</summary>
    Unavailable,
}

/// <summary>Sorts exceptions.</summary>
internal static class WriteFaults
{
    // A refused login, a database or schema that is missing, an older schema or missing rights, a prepared statement that a pooler has
    // lost: the statements' texts are constant, so none of these says anything about the rows.
    private static readonly string[] Classes = ["26", "28", "3D", "3F", "42"];

    public static WriteFault Classify(Exception e) => e switch
    {
        // A row that is locked against us is about to be deleted or is held by somebody's open transaction. Waiting would stall the
        // rows that have nothing to do with it. It comes first because Npgsql counts it among the transient errors.
        PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable } => WriteFault.Row,
        PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure } =>
            WriteFault.Conflict,
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.ReadOnlySqlTransaction } =>
            WriteFault.Unavailable,
        PostgresException p when p.IsTransient || p.SqlState.StartsWith("57P", StringComparison.Ordinal) => WriteFault.Unavailable,
        PostgresException p when Classes.Contains(p.SqlState[..2]) => WriteFault.Unavailable,
        PostgresException => WriteFault.Row,
        NpgsqlException or TimeoutException or SocketException or IOException or OperationCanceledException or ObjectDisposedException =>
            WriteFault.Unavailable,
        _ => WriteFault.Row,
    };
}
