namespace Firezone.Edge.PortalClient.PortalEvents;

/// <summary>A join was acknowledged. The portal's <c>init</c> follows; what it said before this is out of date.</summary>
/// <param name="Attempt">Number of the socket, counted from 1 over the life of the channel.</param>
public sealed record PortalJoined(int Attempt) : PortalEvent;
