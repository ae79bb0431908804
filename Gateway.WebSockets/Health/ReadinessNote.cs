namespace Firezone.Gateway.WebSockets.Health;

/// <summary>
/// Something that operators are told by <c>/readyz</c> beside the readiness itself, and that does not decide on it: while the database is
/// away, sockets stay and no process becomes better by being restarted or passed over.
/// </summary>
/// <param name="Name">Member of the answer.</param>
/// <param name="Read">Its value now.</param>
public sealed record ReadinessNote(string Name, Func<string> Read);
