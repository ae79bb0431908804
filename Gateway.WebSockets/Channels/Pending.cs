using Firezone.Gateway.WebSockets.Sessions;

namespace Firezone.Gateway.WebSockets.Channels;

/// <summary>A frame on its way into the outbox.</summary>
/// <param name="Frame">Encoded; owned by whoever holds this.</param>
/// <param name="Sequence">Number of a push; 0 for what has no place in their order.</param>
/// <param name="ViewHash">Fingerprint of the peer's view after it; 0 leaves the last one.</param>
/// <param name="IsMessage">It says what no attach says again, and is right whenever it comes.</param>
internal readonly record struct Pending(OutboundFrame Frame, long Sequence, ulong ViewHash, bool IsMessage = false);
