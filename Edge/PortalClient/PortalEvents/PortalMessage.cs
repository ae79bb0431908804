namespace Firezone.Edge.PortalClient.PortalEvents;

/// <summary>A push of the portal on the channel's topic.</summary>
/// <param name="Event">The event's name as received; an unknown one is the receiver's to skip.</param>
/// <param name="Payload">The payload's JSON text, UTF-8; owned by the receiver.</param>
public sealed record PortalMessage(string Event, ReadOnlyMemory<byte> Payload) : PortalEvent;
