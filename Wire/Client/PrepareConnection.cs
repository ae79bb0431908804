using Firezone.Wire.Json;

namespace Firezone.Wire.Client;

/// <summary>Deprecated since 1.4: a client's <c>prepare_connection</c>.</summary>
/// <param name="ResourceId">Null if the text is no UUID: to be answered with <see cref="FlowFailureReasons.NotFound"/>.</param>
/// <param name="ConnectedGatewayIds">At most 256, empty if absent; as in <see cref="CreateFlow"/>.</param>
public readonly record struct PrepareConnection(Guid? ResourceId, Guid[] ConnectedGatewayIds)
{
    /// <summary>False if the resource id is missing or a member is of another type: an unknown message.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> payload, out PrepareConnection msg) =>
        PayloadParser.TryParse(payload, Read, out msg);

    private static bool Read(ref PayloadReader r, out PrepareConnection msg)
    {
        msg = default;
        var found = false;
        Guid? id = null;
        Guid[] connected = [];
        while (r.NextMember())
        {
            if (r.Enter("resource_id"u8))
            {
                if (!r.TryOptionalGuid(out id))
                    return false;
                found = true;
            }
            else if (r.Enter("connected_gateway_ids"u8))
            {
                if (!r.IsNull && !Lists.TryIds(r.Raw(), strict: false, out connected))
                    return false;
            }
        }

        msg = new PrepareConnection(id, connected);
        return found;
    }
}
