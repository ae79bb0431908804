using Firezone.Gateway.WebSockets.Channels;
using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Wire.Frames;

namespace Firezone.Gateway.WebSockets.Upgrades;

/// <summary>What becomes of a connect: either a refusal, or what its socket is served with; then a place is reserved for it.</summary>
/// <param name="Refusal">Why not.</param>
/// <param name="RetryAfter">Seconds after which a refused peer is to come back; 0: it is not told.</param>
/// <param name="Opener">Opens the socket's channels.</param>
/// <param name="Version">Of the serializer.</param>
/// <param name="Place">Among those of its address.</param>
internal readonly record struct ConnectDecision(ConnectRefusal? Refusal, int RetryAfter, IChannelOpener? Opener, FrameVersion Version, ulong Place)
{
    public static implicit operator ConnectDecision(ConnectRefusal refusal) => new(refusal, 0, null, default, AddressPlaces.Uncounted);
}
