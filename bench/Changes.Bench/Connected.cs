namespace Firezone.Changes.Bench;

/// <summary>A client with a session, and the silo that holds it.</summary>
internal sealed record Connected(Device Device, Guid SessionId, string Silo);
