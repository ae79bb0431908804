using Firezone.Wire.Json;

namespace Firezone.Wire.Client;

/// <summary>A client's <c>create_flow</c>.</summary>
/// <param name="ResourceId">Null if the text is no UUID: to be answered with <see cref="FlowFailureReasons.NotFound"/>.</param>
/// <param name="ResourceIdText">As sent, at most 256 bytes; the client finds its request by it.</param>
/// <param name="ConnectedGatewayIds">
/// Gateways that the client has tunnels to, to be preferred. At most 256: it is a hint, so surplus elements and those that are no UUIDs
/// are skipped.
/// </param>
public readonly record struct CreateFlow(Guid? ResourceId, string ResourceIdText, Guid[] ConnectedGatewayIds)
{
    private const int MaxIdBytes = 256;

    /// <summary>False if one of the two members is missing or of another type: an unknown message.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> payload, out CreateFlow msg) => PayloadParser.TryParse(payload, Read, out msg);

    private static bool Read(ref PayloadReader r, out CreateFlow msg)
    {
        Guid? id = null;
        string? text = null;
        Guid[]? connected = null;
        msg = default;
        while (r.NextMember())
        {
            if (r.Enter("resource_id"u8))
            {
                if (!r.TryString(MaxIdBytes, out text))
                    return false;
                id = r.TryGuid(out var parsed) ? parsed : null;
            }
            else if (r.Enter("connected_gateway_ids"u8))
            {
                if (!Lists.TryIds(r.Raw(), strict: false, out connected))
                    return false;
            }
        }

        if (text is null || connected is null)
            return false;

        msg = new CreateFlow(id, text, connected);
        return true;
    }
}
