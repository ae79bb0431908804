using Firezone.Wire.Json;

namespace Firezone.Wire.Client;

/// <summary>A device's <c>broadcast_ice_candidates</c> or <c>broadcast_invalidated_ice_candidates</c>.</summary>
/// <param name="PeerIds">Devices of the other kind; elements that are no UUIDs are skipped. At most 256.</param>
/// <param name="Candidates">Opaque strings, at most 256 of at most 2048 bytes.</param>
public readonly record struct IceCandidates(Guid[] PeerIds, string[] Candidates)
{
    /// <summary>
    /// Clients name the receivers <c>gateway_ids</c>, gateways <c>client_ids</c>; both are read here, since ids of another kind reach
    /// nobody. False beyond the bounds or if a member is missing: an unknown message.
    /// </summary>
    public static bool TryParse(ReadOnlyMemory<byte> payload, out IceCandidates msg) => PayloadParser.TryParse(payload, Read, out msg);

    private static bool Read(ref PayloadReader r, out IceCandidates msg)
    {
        msg = default;
        Guid[]? ids = null;
        string[]? candidates = null;
        while (r.NextMember())
        {
            if (r.Enter("gateway_ids"u8) || r.Enter("client_ids"u8))
            {
                if (!Lists.TryIds(r.Raw(), strict: true, out ids))
                    return false;
            }
            else if (r.Enter("candidates"u8))
            {
                if (!Lists.TryStrings(r.Raw(), Lists.MaxCandidates, Lists.MaxCandidateBytes, out candidates))
                    return false;
            }
        }

        if (ids is null || candidates is null)
            return false;

        msg = new IceCandidates(ids, candidates);
        return true;
    }
}
