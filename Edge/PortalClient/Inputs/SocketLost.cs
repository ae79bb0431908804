namespace Firezone.Edge.PortalClient.Inputs;

/// <summary>An open socket came to its end: Close frame, end of stream, or an I/O error.</summary>
/// <param name="Attempt">The attempt that opened it.</param>
/// <param name="Error">What happened, for people to read.</param>
public sealed record SocketLost(int Attempt, string Error) : ChannelInput;
