namespace Firezone.Storage.Postgres.Embedded;

/// <summary>The private server could not be made or started. The message has the reason and the end of the server's log.</summary>
/// <param name="message">The reason.</param>
/// <param name="inner">The cause, if there is one.</param>
public sealed class EmbeddedPostgresException(string message, Exception? inner = null) : Exception(message, inner);
