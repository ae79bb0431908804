namespace Firezone.Storage.Postgres.Embedded;

/// <summary>There are no PostgreSQL binaries on this machine, and none could be installed. The message says what would help.</summary>
/// <param name="message">What was looked for and what to do.</param>
public sealed class PostgresNotFoundException(string message) : Exception(message);
