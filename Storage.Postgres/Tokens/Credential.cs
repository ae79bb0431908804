namespace Firezone.Storage.Postgres.Tokens;

/// <summary>What a session was opened with.</summary>
/// <param name="Kind">The endpoint.</param>
/// <param name="TokenId">The token.</param>
/// <param name="DeviceId">The client or gateway; null for relays, which have no row.</param>
public sealed record Credential(TokenKind Kind, Guid TokenId, Guid? DeviceId);
