using Firezone.Edge.PortalClient.Frames;

namespace Firezone.Edge.PortalClient.Inputs;

/// <summary>A well-formed frame arrived.</summary>
/// <param name="Attempt">The attempt that opened the socket.</param>
/// <param name="Frame">The frame; its memory is owned by the machine from now on.</param>
public sealed record FrameReceived(int Attempt, PortalFrame Frame) : ChannelInput;
