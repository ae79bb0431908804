namespace Firezone.Grains.Sessions;

/// <summary>Whom a session belongs to.</summary>
/// <param name="AccountId">Null for relays.</param>
/// <param name="TokenId">The credential; revoking it ends the session.</param>
/// <param name="ActorId">The signed-in actor; null for gateways and relays.</param>
public readonly record struct SessionOwner(Guid? AccountId, Guid TokenId, Guid? ActorId);
