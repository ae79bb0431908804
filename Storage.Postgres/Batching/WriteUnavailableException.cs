namespace Firezone.Storage.Postgres.Batching;

/// <summary>
/// The primary could not be reached within the bounded wait, or too many rows are waiting for it. The row was not confirmed; if its
/// statement was under way when the wait ended, it may still be stored.
/// </summary>
/// <param name="message">What was given up.</param>
/// <param name="inner">The last failure, if one was seen.</param>
public sealed class WriteUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
