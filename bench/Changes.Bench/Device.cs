namespace Firezone.Changes.Bench;

/// <summary>A client that has been here before: its rows exist.</summary>
internal sealed record Device(Guid ClientId, Guid ActorId, Guid TokenId);
