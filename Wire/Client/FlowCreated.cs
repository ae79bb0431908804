using Firezone.Wire.Secrets;

namespace Firezone.Wire.Client;

/// <summary>What a client needs to connect to the gateway that has accepted its flow. All members are mandatory.</summary>
/// <param name="ResourceId">As requested.</param>
/// <param name="SiteId">The gateway's site.</param>
/// <param name="GatewayId">The gateway.</param>
/// <param name="GatewayPublicKey">Base64 of 32 bytes.</param>
/// <param name="GatewayIpv4">Tunnel address.</param>
/// <param name="GatewayIpv6">Tunnel address.</param>
/// <param name="PresharedKey">Base64 of 32 bytes; the same that the gateway got.</param>
/// <param name="Ice">The same that the gateway got.</param>
public readonly record struct FlowCreated(
    Guid ResourceId,
    Guid SiteId,
    Guid GatewayId,
    string GatewayPublicKey,
    string GatewayIpv4,
    string GatewayIpv6,
    string PresharedKey,
    IceCredentials Ice)
{
    /// <summary>Without keys: a record prints its members.</summary>
    public override string ToString() => $"flow to {ResourceId} through {GatewayId}";
}
