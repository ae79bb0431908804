using Firezone.Edge.PortalClient.PortalEvents;

namespace Firezone.Edge.PortalClient.Effects;

/// <summary>Tell the owner.</summary>
/// <param name="Event">What to tell.</param>
public sealed record PublishEvent(PortalEvent Event) : ChannelEffect;
