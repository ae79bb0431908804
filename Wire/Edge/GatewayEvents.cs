using Firezone.Wire.Gateway;
using Firezone.Wire.Json;
using Firezone.Wire.Relay;

namespace Firezone.Wire.Edge;

/// <summary>
/// Reads what the portal sends to gateways. False means that a native gateway could not parse the payload either and would drop it.
/// Nothing here throws, and no result points into the receive buffer.
/// </summary>
public static class GatewayEvents
{
    /// <summary><c>init</c>.</summary>
    public static bool TryReadInit(ReadOnlyMemory<byte> payload, out GatewayInit init) =>
        PayloadParser.TryParse(payload, static (ref PayloadReader r, out GatewayInit m) =>
        {
            m = null!;
            string? slug = null;
            ReceivedInterface? ownInterface = null;
            var hasConfig = false;
            List<RelayEntry> relays = [];
            List<AuthorizationEntry> authorizations = [];
            while (r.NextMember())
            {
                var fits = true;
                if (r.Enter("account_slug"u8))
                    fits = r.TryOptionalString(out slug);
                else if (r.Enter("interface"u8))
                    fits = EdgeReader.TryInterface(r.Raw(), out ownInterface);
                else if (r.Enter("config"u8))
                    hasConfig = HasMasqueradeFlags(r.Raw());
                else if (r.Enter("relays"u8))
                    fits = EdgeReader.TryRelays(r.Raw(), out relays);
                else if (r.Enter("authorizations"u8))
                    fits = EdgeReader.TryAll(r.Raw(), TryAuthorization, out authorizations);
                if (!fits)
                    return false;
            }

            if (ownInterface is null || !hasConfig)
                return false;

            m = new GatewayInit(slug, ownInterface, relays, authorizations);
            return true;
        }, out init);

    /// <summary>
    /// <c>authorize_flow</c>. <see cref="AuthorizeFlow.Resource"/> is a copy, to be read by <see cref="TryReadResource"/>.
    /// </summary>
    public static bool TryReadAuthorizeFlow(ReadOnlyMemory<byte> payload, out AuthorizeFlow flow) =>
        PayloadParser.TryParse(payload, static (ref PayloadReader r, out AuthorizeFlow m) =>
        {
            m = default;
            string? reference = null;
            byte[]? resource = null;
            FlowClient? client = null;
            var subject = new FlowSubject(null, null, null, null);
            (string, string)? clientIce = null;
            (string, string)? gatewayIce = null;
            DateTimeOffset? expiresAt = null;
            var hasExpiry = false;
            while (r.NextMember())
            {
                var fits = true;
                if (r.Enter("ref"u8))
                    fits = r.TryString(int.MaxValue, out reference);
                else if (r.Enter("resource"u8))
                    fits = ResourceReader.TryRead(resource = r.Raw().ToArray(), forGateway: true, out _);
                else if (r.Enter("client"u8))
                    fits = FlowClientReader.TryClient(r.Raw(), out client);
                else if (r.Enter("subject"u8))
                    fits = FlowClientReader.TrySubject(r.Raw(), out subject);
                else if (r.Enter("client_ice_credentials"u8))
                    clientIce = EdgeReader.TryCredentials(r.Raw(), out var read) ? read : null;
                else if (r.Enter("gateway_ice_credentials"u8))
                    gatewayIce = EdgeReader.TryCredentials(r.Raw(), out var read) ? read : null;
                else if (r.Enter("expires_at"u8))
                    fits = hasExpiry = r.IsNull || r.TryUnixSeconds(out expiresAt);
                if (!fits)
                    return false;
            }

            if (reference is null || resource is null || client is null || clientIce is null || gatewayIce is null || !hasExpiry)
                return false;

            var ice = EdgeReader.Combine(clientIce.Value, gatewayIce.Value);
            m = new AuthorizeFlow(reference, resource, client, subject, ice, expiresAt);
            return true;
        }, out flow);

    /// <summary><c>resource_updated</c>, and the resource of an <c>authorize_flow</c>.</summary>
    public static bool TryReadResource(ReadOnlyMemory<byte> payload, out ReceivedResource resource) =>
        PayloadParser.TryParse(payload, (ref PayloadReader _, out ReceivedResource m) =>
            ResourceReader.TryRead(payload, forGateway: true, out m), out resource);

    /// <summary><c>reject_access</c>.</summary>
    public static bool TryReadRejectAccess(ReadOnlyMemory<byte> payload, out (Guid ClientId, Guid ResourceId) access)
    {
        var read = PayloadParser.TryParse<PairReader.Pair>(payload, PairReader.TryRead, out var pair);
        access = (pair.ClientId, pair.ResourceId);
        return read;
    }

    /// <summary><c>access_authorization_expiry_updated</c>.</summary>
    public static bool TryReadExpiryUpdated(ReadOnlyMemory<byte> payload, out AuthorizationEntry entry) =>
        PayloadParser.TryParse(payload, (ref PayloadReader _, out AuthorizationEntry m) => TryAuthorization(payload, out m), out entry);

    private static bool TryAuthorization(ReadOnlyMemory<byte> json, out AuthorizationEntry entry)
    {
        var r = new PayloadReader(json);
        entry = default;
        if (!r.IsObject || !PairReader.TryRead(ref r, out var pair) || pair.ExpiresAt is not { } expiresAt)
            return false;

        entry = new AuthorizationEntry(pair.ClientId, pair.ResourceId, expiresAt);
        return true;
    }

    private static bool HasMasqueradeFlags(ReadOnlyMemory<byte> json)
    {
        var (ipv4, ipv6) = (false, false);
        var r = new PayloadReader(json);
        while (r.IsObject && r.NextMember())
        {
            if (r.Enter("ipv4_masquerade_enabled"u8))
                ipv4 = r.IsBoolean;
            else if (r.Enter("ipv6_masquerade_enabled"u8))
                ipv6 = r.IsBoolean;
        }

        return ipv4 && ipv6;
    }
}
