using Firezone.Edge.PortalClient.PortalEvents;

namespace Firezone.Edge.PortalClient.States;

/// <summary>Not connected and not trying to be.</summary>
/// <param name="Cause">The error that ended the channel; null before the first connect and after an orderly close.</param>
public sealed record Closed(PortalFatal? Cause) : ChannelState;
