namespace Firezone.Wire.Gateway;

/// <summary>Deprecated since 1.4: <c>request_connection</c> as gateways get it.</summary>
/// <param name="Ref">Opaque to the gateway, which sends it back with <c>connection_ready</c>.</param>
/// <param name="Resource">JSON of <see cref="GatewayResource"/>, copied as it is.</param>
/// <param name="ClientId">The client.</param>
/// <param name="ClientPayload">Raw JSON from the client, passed on as it came.</param>
/// <param name="ClientPublicKey">Base64 of 32 bytes.</param>
/// <param name="PresharedKey">Chosen by the client. Never log it.</param>
/// <param name="ClientIpv4">Tunnel address.</param>
/// <param name="ClientIpv6">Tunnel address.</param>
/// <param name="ExpiresAt">End of the authorization.</param>
public readonly record struct LegacyRequestConnection(
    string Ref,
    ReadOnlyMemory<byte> Resource,
    Guid ClientId,
    ReadOnlyMemory<byte> ClientPayload,
    string ClientPublicKey,
    string PresharedKey,
    string ClientIpv4,
    string ClientIpv6,
    DateTimeOffset ExpiresAt)
{
    /// <summary>Without ref and keys: a record prints its members.</summary>
    public override string ToString() => $"connection of client {ClientId}";
}
