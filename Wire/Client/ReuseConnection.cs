using Firezone.Wire.Json;

namespace Firezone.Wire.Client;

/// <summary>Deprecated since 1.4: a client's <c>reuse_connection</c>.</summary>
/// <param name="GatewayId">Null if the text is no UUID.</param>
/// <param name="ResourceId">Null if the text is no UUID.</param>
/// <param name="Payload">Raw JSON for the gateway; points into the receive buffer.</param>
public readonly record struct ReuseConnection(Guid? GatewayId, Guid? ResourceId, ReadOnlyMemory<byte> Payload)
{
    /// <summary>False if a member is missing or of another type: an unknown message.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> payload, out ReuseConnection msg) => PayloadParser.TryParse(payload, Read, out msg);

    private static bool Read(ref PayloadReader r, out ReuseConnection msg)
    {
        msg = default;
        var (hasGateway, hasResource) = (false, false);
        Guid? gatewayId = null;
        Guid? resourceId = null;
        ReadOnlyMemory<byte> payload = default;
        while (r.NextMember())
        {
            if (r.Enter("gateway_id"u8))
            {
                if (!r.TryOptionalGuid(out gatewayId))
                    return false;
                hasGateway = true;
            }
            else if (r.Enter("resource_id"u8))
            {
                if (!r.TryOptionalGuid(out resourceId))
                    return false;
                hasResource = true;
            }
            else if (r.Enter("payload"u8))
            {
                payload = r.Raw();
            }
        }

        msg = new ReuseConnection(gatewayId, resourceId, payload);
        return hasGateway && hasResource && !payload.IsEmpty;
    }
}
