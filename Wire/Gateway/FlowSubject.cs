namespace Firezone.Wire.Gateway;

/// <summary>On whose behalf a flow is; for the gateway's logs.</summary>
/// <param name="AuthProviderId">Identity provider of the client's token.</param>
/// <param name="ActorId">The signed-in actor.</param>
/// <param name="ActorEmail">Null for service accounts.</param>
/// <param name="ActorName">Display name.</param>
public sealed record FlowSubject(Guid? AuthProviderId, Guid? ActorId, string? ActorEmail, string? ActorName);
