namespace Firezone.Bench.Load;

/// <summary>The load could not be made; the message is a sentence for people.</summary>
public sealed class LoadException(string message) : Exception(message);
