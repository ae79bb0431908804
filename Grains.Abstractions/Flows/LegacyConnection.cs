namespace Firezone.Grains.Abstractions.Flows;

/// <summary>The deprecated <c>reuse_connection</c> and <c>request_connection</c>.</summary>
/// <param name="GatewayId">The gateway that the client chose itself.</param>
/// <param name="ResourceId">The requested resource.</param>
/// <param name="Payload">UTF-8 JSON value that the gateway gets verbatim.</param>
/// <param name="PresharedKey">The client's own key for <c>request_connection</c>, null for <c>reuse_connection</c>. Never logged.</param>
[GenerateSerializer, Immutable, Alias("fz.LegacyConnection")]
public sealed record LegacyConnection(
    [property: Id(0)] Guid GatewayId,
    [property: Id(1)] Guid ResourceId,
    [property: Id(2)] byte[] Payload,
    [property: Id(3)] string? PresharedKey)
{
    /// <summary>Without the key: a record prints its members.</summary>
    public override string ToString() => $"connection to {ResourceId} through {GatewayId}";
}
