namespace Firezone.Storage.Postgres.Batching;

/// <summary>
/// The database refused this one row, for example because what it refers to was deleted meanwhile. Repeating the write is pointless.
/// </summary>
/// <param name="message">What was refused.</param>
/// <param name="inner">The database's reason.</param>
public sealed class WriteRejectedException(string message, Exception? inner = null) : Exception(message, inner);
