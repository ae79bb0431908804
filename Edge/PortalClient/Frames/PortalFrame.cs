namespace Firezone.Edge.PortalClient.Frames;

/// <summary>One Phoenix V1 frame, in either direction. Devices number their requests with JSON numbers.</summary>
/// <param name="Topic">The channel's topic, or <c>phoenix</c> for heartbeats.</param>
/// <param name="Event">The event's name.</param>
/// <param name="Ref">The request's number; null in pushes.</param>
/// <param name="Payload">The payload's JSON text, UTF-8.</param>
public sealed record PortalFrame(string Topic, string Event, long? Ref, ReadOnlyMemory<byte> Payload);
