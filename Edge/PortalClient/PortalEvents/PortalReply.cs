namespace Firezone.Edge.PortalClient.PortalEvents;

/// <summary>The portal's answer to a message that was sent while joined. Most messages are never answered.</summary>
/// <param name="Request">The event that is answered; null when it was sent too long ago to be remembered.</param>
/// <param name="Ok">False for an error reply.</param>
/// <param name="Response">The response's JSON text, UTF-8; owned by the receiver.</param>
public sealed record PortalReply(string? Request, bool Ok, ReadOnlyMemory<byte> Response) : PortalEvent;
