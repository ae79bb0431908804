using Firezone.Edge.PortalClient.Frames;

namespace Firezone.Edge.PortalClient.Effects;

/// <summary>Write one frame. There is never a second one before <see cref="Inputs.FrameWritten"/> reported the first.</summary>
/// <param name="Attempt">The attempt that opened the socket.</param>
/// <param name="Frame">What to write.</param>
public sealed record WriteFrame(int Attempt, PortalFrame Frame) : ChannelEffect;
