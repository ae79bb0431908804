namespace Firezone.Edge.PortalClient.Inputs;

/// <summary>The frame of the last <see cref="Effects.WriteFrame"/> has left; the socket can take the next.</summary>
/// <param name="Attempt">The attempt that opened the socket.</param>
public sealed record FrameWritten(int Attempt) : ChannelInput;
