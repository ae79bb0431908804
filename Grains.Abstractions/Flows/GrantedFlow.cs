namespace Firezone.Grains.Abstractions.Flows;

/// <summary>A flow that its gateway has installed and whose authorization is committed.</summary>
/// <param name="SessionId">The client session that asked.</param>
/// <param name="AccountId">The answering gateway's account.</param>
/// <param name="ResourceId">The requested resource.</param>
/// <param name="SiteId">The answering gateway's site.</param>
/// <param name="GatewayId">The answering gateway.</param>
/// <param name="GatewayPublicKey">Of its current connect.</param>
/// <param name="GatewayIpv4">Its tunnel address.</param>
/// <param name="GatewayIpv6">Its tunnel address.</param>
/// <param name="PresharedKey">As given to the gateway. Never logged.</param>
/// <param name="ClientIceUsername">As given to the gateway.</param>
/// <param name="ClientIcePassword">As given to the gateway. Never logged.</param>
/// <param name="GatewayIceUsername">As given to the gateway.</param>
/// <param name="GatewayIcePassword">As given to the gateway. Never logged.</param>
[GenerateSerializer, Immutable, Alias("fz.GrantedFlow")]
public sealed record GrantedFlow(
    [property: Id(0)] Guid SessionId,
    [property: Id(1)] Guid AccountId,
    [property: Id(2)] Guid ResourceId,
    [property: Id(3)] Guid SiteId,
    [property: Id(4)] Guid GatewayId,
    [property: Id(5)] string GatewayPublicKey,
    [property: Id(6)] string GatewayIpv4,
    [property: Id(7)] string GatewayIpv6,
    [property: Id(8)] string PresharedKey,
    [property: Id(9)] string ClientIceUsername,
    [property: Id(10)] string ClientIcePassword,
    [property: Id(11)] string GatewayIceUsername,
    [property: Id(12)] string GatewayIcePassword)
{
    /// <summary>Without keys: a record prints its members.</summary>
    public override string ToString() => $"flow to {ResourceId} through {GatewayId}";
}
