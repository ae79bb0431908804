using Firezone.Wire.Json;

namespace Firezone.Wire.Client;

/// <summary>Deprecated since 1.4: a client's <c>request_connection</c>.</summary>
/// <param name="GatewayId">Null if the text is no UUID.</param>
/// <param name="ResourceId">Null if the text is no UUID.</param>
/// <param name="ClientPayload">Raw JSON for the gateway; points into the receive buffer.</param>
/// <param name="PresharedKey">Chosen by the client, at most 256 bytes. Never log it.</param>
public readonly record struct RequestConnection(
    Guid? GatewayId, Guid? ResourceId, ReadOnlyMemory<byte> ClientPayload, string PresharedKey)
{
    private const int MaxKeyBytes = 256;

    /// <summary>False if a member is missing, overlong or of another type: an unknown message.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> payload, out RequestConnection msg) =>
        PayloadParser.TryParse(payload, Read, out msg);

    /// <summary>Without the key: a record prints its members.</summary>
    public override string ToString() => $"connection to {ResourceId} through {GatewayId}";

    private static bool Read(ref PayloadReader r, out RequestConnection msg)
    {
        msg = default;
        var (hasGateway, hasResource) = (false, false);
        Guid? gatewayId = null;
        Guid? resourceId = null;
        ReadOnlyMemory<byte> payload = default;
        string? key = null;
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
            else if (r.Enter("client_payload"u8))
            {
                payload = r.Raw();
            }
            else if (r.Enter("client_preshared_key"u8) && !r.TryString(MaxKeyBytes, out key))
            {
                return false;
            }
        }

        if (!hasGateway || !hasResource || payload.IsEmpty || key is null)
            return false;

        msg = new RequestConnection(gatewayId, resourceId, payload, key);
        return true;
    }
}
