namespace Firezone.Wire.Gateway;

/// <summary>Deprecated since 1.4: <c>allow_access</c>, the gateway's side of <c>reuse_connection</c>.</summary>
/// <param name="Ref">Opaque to the gateway, which sends it back with <c>connection_ready</c>.</param>
/// <param name="ClientId">The client.</param>
/// <param name="Resource">JSON of <see cref="GatewayResource"/>, copied as it is.</param>
/// <param name="ExpiresAt">End of the authorization.</param>
/// <param name="Payload">Raw JSON from the client, passed on as it came.</param>
/// <param name="ClientIpv4">Tunnel address.</param>
/// <param name="ClientIpv6">Tunnel address.</param>
public readonly record struct LegacyAllowAccess(
    string Ref,
    Guid ClientId,
    ReadOnlyMemory<byte> Resource,
    DateTimeOffset ExpiresAt,
    ReadOnlyMemory<byte> Payload,
    string ClientIpv4,
    string ClientIpv6);
