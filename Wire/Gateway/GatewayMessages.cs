using Firezone.Wire.Json;
using Firezone.Wire.Relay;

namespace Firezone.Wire.Gateway;

/// <summary>
/// Payloads from the portal to gateways, as UTF-8 JSON without the frame around them. Times are sent in whole Unix seconds.
/// </summary>
public static class GatewayMessages
{
    /// <summary>
    /// <c>init</c>. For every client listed, the gateway drops resources that are not listed for it; a client that is not listed at all
    /// keeps what it has.
    /// </summary>
    /// <param name="accountSlug">The account's slug; a changed one is announced by another <c>init</c>.</param>
    /// <param name="ipv4">Tunnel address.</param>
    /// <param name="ipv6">Tunnel address.</param>
    /// <param name="relays">Entries of one relay next to each other.</param>
    /// <param name="authorizations">One entry per pair of client and resource.</param>
    public static byte[] Init(
        string accountSlug,
        string ipv4,
        string ipv6,
        IReadOnlyList<RelayEntry> relays,
        IReadOnlyList<AuthorizationEntry> authorizations)
    {
        using var json = JsonBuffer.Rent();
        var w = json.Writer;
        w.WriteStartObject();
        w.WriteString("account_slug"u8, accountSlug);
        w.WriteStartObject("interface"u8);
        w.WriteString("ipv4"u8, ipv4);
        w.WriteString("ipv6"u8, ipv6);
        w.WriteEndObject();

        // Unused by gateways, but mandatory.
        w.WriteStartObject("config"u8);
        w.WriteBoolean("ipv4_masquerade_enabled"u8, true);
        w.WriteBoolean("ipv6_masquerade_enabled"u8, true);
        w.WriteEndObject();

        RelayEntry.WriteAll(w, "relays"u8, relays);
        w.WriteStartArray("authorizations"u8);
        foreach (var entry in authorizations)
        {
            w.WriteStartObject();
            w.WriteString("client_id"u8, entry.ClientId);
            w.WriteString("resource_id"u8, entry.ResourceId);
            w.WriteUnixSeconds("expires_at"u8, entry.ExpiresAt);
            w.WriteEndObject();
        }

        w.WriteEndArray();
        w.WriteEndObject();
        return json.ToArray();
    }

    /// <summary><c>authorize_flow</c>.</summary>
    public static byte[] AuthorizeFlow(in AuthorizeFlow m)
    {
        using var json = JsonBuffer.Rent();
        var w = json.Writer;
        w.WriteStartObject();
        w.WriteString("ref"u8, m.Ref);
        w.WriteTrusted("resource"u8, m.Resource.Span);

        w.WriteStartObject("client"u8);
        w.WriteString("id"u8, m.Client.Id);
        w.WriteString("public_key"u8, m.Client.PublicKey);
        w.WriteString("preshared_key"u8, m.Client.PresharedKey);
        w.WriteString("ipv4"u8, m.Client.Ipv4);
        w.WriteString("ipv6"u8, m.Client.Ipv6);
        w.WriteString("version"u8, m.Client.Version);
        w.WriteString("device_os_name"u8, m.Client.DeviceOsName);
        w.WriteString("device_os_version"u8, m.Client.DeviceOsVersion);
        w.WriteString("device_serial"u8, m.Client.DeviceSerial);
        w.WriteString("device_uuid"u8, m.Client.DeviceUuid);
        w.WriteString("identifier_for_vendor"u8, m.Client.IdentifierForVendor);
        w.WriteString("firebase_installation_id"u8, m.Client.FirebaseInstallationId);
        w.WriteEndObject();

        w.WriteStartObject("subject"u8);
        w.WriteOptionalGuid("auth_provider_id"u8, m.Subject.AuthProviderId);
        w.WriteOptionalGuid("actor_id"u8, m.Subject.ActorId);
        w.WriteString("actor_email"u8, m.Subject.ActorEmail);
        w.WriteString("actor_name"u8, m.Subject.ActorName);
        w.WriteEndObject();

        m.Ice.WriteMembers(w);
        if (m.ExpiresAt is { } expiresAt)
            w.WriteUnixSeconds("expires_at"u8, expiresAt);
        else
            w.WriteNull("expires_at"u8);
        w.WriteEndObject();
        return json.ToArray();
    }

    /// <summary><c>reject_access</c>. For a client's last resource it also closes the tunnel.</summary>
    public static byte[] RejectAccess(Guid clientId, Guid resourceId)
    {
        using var json = JsonBuffer.Rent();
        var w = json.Writer;
        w.WriteStartObject();
        w.WriteString("client_id"u8, clientId);
        w.WriteString("resource_id"u8, resourceId);
        w.WriteEndObject();
        return json.ToArray();
    }

    /// <summary><c>access_authorization_expiry_updated</c>.</summary>
    public static byte[] AccessAuthorizationExpiryUpdated(Guid clientId, Guid resourceId, DateTimeOffset expiresAt)
    {
        using var json = JsonBuffer.Rent();
        var w = json.Writer;
        w.WriteStartObject();
        w.WriteString("client_id"u8, clientId);
        w.WriteString("resource_id"u8, resourceId);
        w.WriteUnixSeconds("expires_at"u8, expiresAt);
        w.WriteEndObject();
        return json.ToArray();
    }

    /// <summary>Deprecated since 1.4: <c>allow_access</c>. Later gateways cannot parse it and stay silent.</summary>
    public static byte[] AllowAccess(in LegacyAllowAccess m)
    {
        using var json = JsonBuffer.Rent();
        var w = json.Writer;
        w.WriteStartObject();
        w.WriteString("ref"u8, m.Ref);
        w.WriteString("client_id"u8, m.ClientId);
        w.WriteTrusted("resource"u8, m.Resource.Span);
        w.WriteUnixSeconds("expires_at"u8, m.ExpiresAt);
        w.WriteForeign("payload"u8, m.Payload.Span);
        w.WriteString("client_ipv4"u8, m.ClientIpv4);
        w.WriteString("client_ipv6"u8, m.ClientIpv6);
        w.WriteEndObject();
        return json.ToArray();
    }

    /// <summary>Deprecated since 1.4: <c>request_connection</c>. Later gateways cannot parse it and stay silent.</summary>
    public static byte[] RequestConnection(in LegacyRequestConnection m)
    {
        using var json = JsonBuffer.Rent();
        var w = json.Writer;
        w.WriteStartObject();
        w.WriteString("ref"u8, m.Ref);
        w.WriteTrusted("resource"u8, m.Resource.Span);
        w.WriteStartObject("client"u8);
        w.WriteString("id"u8, m.ClientId);
        w.WriteForeign("payload"u8, m.ClientPayload.Span);
        w.WriteStartObject("peer"u8);
        w.WriteNumber("persistent_keepalive"u8, 25);
        w.WriteString("public_key"u8, m.ClientPublicKey);
        w.WriteString("preshared_key"u8, m.PresharedKey);
        w.WriteString("ipv4"u8, m.ClientIpv4);
        w.WriteString("ipv6"u8, m.ClientIpv6);
        w.WriteEndObject();
        w.WriteEndObject();
        w.WriteUnixSeconds("expires_at"u8, m.ExpiresAt);
        w.WriteEndObject();
        return json.ToArray();
    }

    /// <summary>Device side: <c>flow_authorized</c> with the ref of the <c>authorize_flow</c> it answers.</summary>
    public static byte[] FlowAuthorized(string flowRef)
    {
        using var json = JsonBuffer.Rent();
        json.Writer.WriteStartObject();
        json.Writer.WriteString("ref"u8, flowRef);
        json.Writer.WriteEndObject();
        return json.ToArray();
    }
}
