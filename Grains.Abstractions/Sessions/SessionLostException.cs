namespace Firezone.Grains.Abstractions.Sessions;

/// <summary>
/// A call for a session came to an activation that has none: its front-end is to attach it, and call again. Nothing has been done.
/// </summary>
[GenerateSerializer, Alias("fz.SessionLostException")]
public sealed class SessionLostException() : OrleansException("The session is not attached here.");
