namespace Firezone.Edge.PortalClient.PortalEvents;

/// <summary>The channel has ended and will not try again.</summary>
/// <param name="Reason">What kind of end it is.</param>
/// <param name="Detail">The same for people to read; holds no secret.</param>
public sealed record PortalFatal(FatalReason Reason, string Detail) : PortalEvent;
