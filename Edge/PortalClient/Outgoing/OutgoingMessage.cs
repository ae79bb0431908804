namespace Firezone.Edge.PortalClient.Outgoing;

/// <summary>A message that waits to be written. It gets its request number only then.</summary>
/// <param name="Event">The event's name.</param>
/// <param name="Payload">The payload's JSON text, UTF-8.</param>
internal readonly record struct OutgoingMessage(string Event, ReadOnlyMemory<byte> Payload)
{
    public bool Says(string eventName, ReadOnlySpan<byte> payload) => Event == eventName && Payload.Span.SequenceEqual(payload);
}
