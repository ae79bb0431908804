using Firezone.Wire.Client;
using Firezone.Wire.Json;
using Firezone.Wire.Relay;

namespace Firezone.Wire.Edge;

/// <summary>
/// Reads what the portal sends to clients. False means that a native client could not parse the payload either. Nothing here throws, and
/// no result points into the receive buffer.
/// </summary>
public static class ClientEvents
{
    /// <summary><c>init</c>.</summary>
    public static bool TryReadInit(ReadOnlyMemory<byte> payload, out ClientInit init) =>
        PayloadParser.TryParse(payload, static (ref PayloadReader r, out ClientInit m) =>
        {
            m = null!;
            ReceivedInterface? ownInterface = null;
            List<ReceivedResource> resources = [];
            List<RelayEntry> relays = [];
            while (r.NextMember())
            {
                var fits = true;
                if (r.Enter("interface"u8))
                    fits = EdgeReader.TryInterface(r.Raw(), out ownInterface);
                else if (r.Enter("resources"u8))
                    fits = ResourceReader.TryListForClient(r.Raw(), out resources);
                else if (r.Enter("relays"u8))
                    fits = EdgeReader.TryRelays(r.Raw(), out relays);
                if (!fits)
                    return false;
            }

            if (ownInterface is null)
                return false;

            m = new ClientInit(ownInterface, resources, relays);
            return true;
        }, out init);

    /// <summary><c>config_changed</c>.</summary>
    public static bool TryReadConfigChanged(ReadOnlyMemory<byte> payload, out ReceivedInterface changed) =>
        PayloadParser.TryParse(payload, static (ref PayloadReader r, out ReceivedInterface m) =>
        {
            m = null!;
            var found = false;
            while (r.NextMember())
            {
                if (r.Enter("interface"u8))
                    found = EdgeReader.TryInterface(r.Raw(), out m);
            }

            return found;
        }, out changed);

    /// <summary><c>resource_created_or_updated</c>. False also for a type that is not known, which is to be ignored.</summary>
    public static bool TryReadResource(ReadOnlyMemory<byte> payload, out ReceivedResource resource) =>
        PayloadParser.TryParse(payload, (ref PayloadReader _, out ReceivedResource m) =>
            ResourceReader.TryRead(payload, forGateway: false, out m), out resource);

    /// <summary><c>resource_deleted</c>: a bare JSON string.</summary>
    public static bool TryReadResourceDeleted(ReadOnlyMemory<byte> payload, out Guid resourceId)
    {
        // A UUID in quotes; JSON that writes one with escapes does not exist.
        resourceId = default;
        return payload.Span is [(byte)'"', .. var text, (byte)'"']
            && System.Buffers.Text.Utf8Parser.TryParse(text, out resourceId, out var length, 'D')
            && length == text.Length;
    }

    /// <summary><c>flow_created</c>. Every member is mandatory.</summary>
    public static bool TryReadFlowCreated(ReadOnlyMemory<byte> payload, out FlowCreated flow) =>
        PayloadParser.TryParse(payload, static (ref PayloadReader r, out FlowCreated m) =>
        {
            m = default;
            Guid? resourceId = null;
            Guid? siteId = null;
            Guid? gatewayId = null;
            string? publicKey = null;
            string? ipv4 = null;
            string? ipv6 = null;
            string? presharedKey = null;
            (string, string)? clientIce = null;
            (string, string)? gatewayIce = null;
            while (r.NextMember())
            {
                var fits = true;
                if (r.Enter("resource_id"u8))
                    fits = r.TryOptionalGuid(out resourceId);
                else if (r.Enter("gateway_group_id"u8) || r.Enter("site_id"u8))
                    fits = siteId is null && r.TryOptionalGuid(out siteId);
                else if (r.Enter("gateway_id"u8))
                    fits = r.TryOptionalGuid(out gatewayId);
                else if (r.Enter("gateway_public_key"u8))
                    fits = r.TryString(int.MaxValue, out publicKey);
                else if (r.Enter("gateway_ipv4"u8))
                    fits = r.TryString(int.MaxValue, out ipv4);
                else if (r.Enter("gateway_ipv6"u8))
                    fits = r.TryString(int.MaxValue, out ipv6);
                else if (r.Enter("preshared_key"u8))
                    fits = r.TryString(int.MaxValue, out presharedKey);
                else if (r.Enter("client_ice_credentials"u8))
                    clientIce = EdgeReader.TryCredentials(r.Raw(), out var read) ? read : null;
                else if (r.Enter("gateway_ice_credentials"u8))
                    gatewayIce = EdgeReader.TryCredentials(r.Raw(), out var read) ? read : null;
                if (!fits)
                    return false;
            }

            if (resourceId is null || siteId is null || gatewayId is null || publicKey is null || ipv4 is null || ipv6 is null
                || presharedKey is null || clientIce is null || gatewayIce is null)
            {
                return false;
            }

            var ice = EdgeReader.Combine(clientIce.Value, gatewayIce.Value);
            m = new FlowCreated(resourceId.Value, siteId.Value, gatewayId.Value, publicKey, ipv4, ipv6, presharedKey, ice);
            return true;
        }, out flow);

    /// <summary><c>flow_creation_failed</c>.</summary>
    public static bool TryReadFlowCreationFailed(ReadOnlyMemory<byte> payload, out FlowCreationFailed failure) =>
        PayloadParser.TryParse(payload, static (ref PayloadReader r, out FlowCreationFailed m) =>
        {
            m = default;
            Guid? resourceId = null;
            string? reason = null;
            string[] violated = [];
            while (r.NextMember())
            {
                var fits = true;
                if (r.Enter("resource_id"u8))
                    fits = r.TryOptionalGuid(out resourceId);
                else if (r.Enter("reason"u8))
                    fits = r.TryString(int.MaxValue, out reason);
                else if (r.Enter("violated_properties"u8))
                    fits = Lists.TryStrings(r.Raw(), int.MaxValue, int.MaxValue, out violated);
                if (!fits)
                    return false;
            }

            if (resourceId is null || reason is null)
                return false;

            m = new FlowCreationFailed(resourceId.Value, reason, violated);
            return true;
        }, out failure);
}
