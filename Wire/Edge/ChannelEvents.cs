using Firezone.Wire.Json;

namespace Firezone.Wire.Edge;

/// <summary>
/// Reads what the portal sends to peers of every role. False means that a native peer could not parse the payload either.
/// </summary>
public static class ChannelEvents
{
    /// <summary><c>phx_reply</c>.</summary>
    public static bool TryReadReply(ReadOnlyMemory<byte> payload, out ChannelReply reply) =>
        PayloadParser.TryParse(payload, static (ref PayloadReader r, out ChannelReply m) =>
        {
            m = default;
            string? status = null;
            string? reason = null;
            ReadOnlyMemory<byte> response = default;
            while (r.NextMember())
            {
                if (r.Enter("status"u8))
                {
                    if (!r.TryString(int.MaxValue, out status))
                        return false;
                }
                else if (r.Enter("response"u8))
                {
                    response = r.Raw();
                    TryReadReason(response, out reason);
                }
            }

            m = new ChannelReply(status == "ok", reason, response);
            return status is "ok" or "error" && !response.IsEmpty;
        }, out reply);

    /// <summary>The <c>reason</c> of a <c>disconnect</c> or of an error response.</summary>
    public static bool TryReadReason(ReadOnlyMemory<byte> payload, out string? reason) =>
        PayloadParser.TryParse(payload, static (ref PayloadReader r, out string? m) =>
        {
            m = null;
            while (r.NextMember())
            {
                if (r.Enter("reason"u8) && r.TryString(int.MaxValue, out var text))
                    m = text;
            }

            return m is not null;
        }, out reason);

    /// <summary><c>relays_presence</c>.</summary>
    public static bool TryReadRelaysPresence(ReadOnlyMemory<byte> payload, out RelaysPresence presence) =>
        PayloadParser.TryParse(payload, static (ref PayloadReader r, out RelaysPresence m) =>
        {
            m = default!;
            List<Guid>? gone = null;
            List<Relay.RelayEntry>? connected = null;
            while (r.NextMember())
            {
                if (r.Enter("disconnected_ids"u8))
                {
                    if (!EdgeReader.TryGuids(r.Raw(), out gone))
                        return false;
                }
                else if (r.Enter("connected"u8))
                {
                    if (!EdgeReader.TryRelays(r.Raw(), out connected))
                        return false;
                }
            }

            if (gone is null || connected is null)
                return false;

            m = new RelaysPresence(gone, connected);
            return true;
        }, out presence);

    /// <summary><c>ice_candidates</c> and <c>invalidate_ice_candidates</c>.</summary>
    public static bool TryReadIceCandidates(ReadOnlyMemory<byte> payload, out PeerCandidates candidates) =>
        PayloadParser.TryParse(payload, static (ref PayloadReader r, out PeerCandidates m) =>
        {
            m = default;
            Guid? peer = null;
            string[]? texts = null;
            while (r.NextMember())
            {
                if (r.Enter("gateway_id"u8) || r.Enter("client_id"u8))
                {
                    if (!r.TryGuid(out var id))
                        return false;
                    peer = id;
                }
                else if (r.Enter("candidates"u8))
                {
                    if (!Lists.TryStrings(r.Raw(), int.MaxValue, int.MaxValue, out texts))
                        return false;
                }
            }

            if (peer is null || texts is null)
                return false;

            m = new PeerCandidates(peer.Value, texts);
            return true;
        }, out candidates);
}
