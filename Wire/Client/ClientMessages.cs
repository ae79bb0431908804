using Firezone.Wire.Json;
using Firezone.Wire.Relay;

namespace Firezone.Wire.Client;

/// <summary>Payloads from the portal to clients, as UTF-8 JSON without the frame around them.</summary>
public static class ClientMessages
{
    /// <summary><c>init</c>: replaces interface and resources; relays are only added or updated by it.</summary>
    /// <param name="i">Tunnel interface.</param>
    /// <param name="resources">Rendered <see cref="ClientResource"/> objects, copied as they are.</param>
    /// <param name="relays">Entries of one relay next to each other.</param>
    public static byte[] Init(InterfaceConfig i, ReadOnlySpan<byte[]> resources, IReadOnlyList<RelayEntry> relays)
    {
        using var json = JsonBuffer.Rent();
        var w = json.Writer;
        w.WriteStartObject();
        i.Write(w);
        w.WriteStartArray("resources"u8);
        foreach (var resource in resources)
            w.WriteRawValue(resource, skipInputValidation: true);
        w.WriteEndArray();
        RelayEntry.WriteAll(w, "relays"u8, relays);
        w.WriteEndObject();
        return json.ToArray();
    }

    /// <summary><c>config_changed</c>: the complete interface.</summary>
    public static byte[] ConfigChanged(InterfaceConfig i)
    {
        using var json = JsonBuffer.Rent();
        json.Writer.WriteStartObject();
        i.Write(json.Writer);
        json.Writer.WriteEndObject();
        return json.ToArray();
    }

    /// <summary><c>resource_deleted</c>: the id as a bare JSON string.</summary>
    public static byte[] ResourceDeleted(Guid id)
    {
        using var json = JsonBuffer.Rent();
        json.Writer.WriteStringValue(id);
        return json.ToArray();
    }

    /// <summary><c>flow_created</c>.</summary>
    public static byte[] FlowCreated(in FlowCreated f)
    {
        using var json = JsonBuffer.Rent();
        var w = json.Writer;
        w.WriteStartObject();
        w.WriteString("resource_id"u8, f.ResourceId);

        // "site_id" is an alias of the same member; both together are a duplicate field to clients.
        w.WriteString("gateway_group_id"u8, f.SiteId);
        w.WriteString("gateway_id"u8, f.GatewayId);
        w.WriteString("gateway_public_key"u8, f.GatewayPublicKey);
        w.WriteString("gateway_ipv4"u8, f.GatewayIpv4);
        w.WriteString("gateway_ipv6"u8, f.GatewayIpv6);
        w.WriteString("preshared_key"u8, f.PresharedKey);
        f.Ice.WriteMembers(w);
        w.WriteEndObject();
        return json.ToArray();
    }

    /// <summary><c>flow_creation_failed</c> for a resource of the account.</summary>
    /// <param name="resourceId">As requested.</param>
    /// <param name="reason">One of <see cref="FlowFailureReasons"/>.</param>
    /// <param name="violatedProperties">Of the policy conditions that failed, each once; left out if null or empty.</param>
    public static byte[] FlowCreationFailed(Guid resourceId, string reason, IReadOnlyList<string>? violatedProperties = null) =>
        FlowCreationFailed(resourceId.ToString("D"), reason, violatedProperties);

    /// <summary><c>flow_creation_failed</c> for whatever text the client took for a resource id.</summary>
    public static byte[] FlowCreationFailed(string resourceId, string reason, IReadOnlyList<string>? violatedProperties = null)
    {
        using var json = JsonBuffer.Rent();
        var w = json.Writer;
        w.WriteStartObject();
        w.WriteString("resource_id"u8, resourceId);
        w.WriteString("reason"u8, reason);
        if (violatedProperties is { Count: > 0 })
            w.WriteStrings("violated_properties"u8, violatedProperties);
        w.WriteEndObject();
        return json.ToArray();
    }

    /// <summary>Deprecated since 1.4: the response to <c>prepare_connection</c>.</summary>
    public static byte[] PreparedConnection(Guid resourceId, Guid siteId, Guid gatewayId, string gatewayRemoteIp)
    {
        using var json = JsonBuffer.Rent();
        var w = json.Writer;
        w.WriteStartObject();
        w.WriteString("resource_id"u8, resourceId);
        w.WriteString("site_id"u8, siteId);
        w.WriteString("gateway_id"u8, gatewayId);
        w.WriteString("gateway_remote_ip"u8, gatewayRemoteIp);
        w.WriteEndObject();
        return json.ToArray();
    }

    /// <summary>Deprecated since 1.4: the late response to <c>reuse_connection</c> and <c>request_connection</c>.</summary>
    /// <param name="resourceId">As requested.</param>
    /// <param name="gatewayPublicKey">Base64 of 32 bytes.</param>
    /// <param name="gatewayPayload">Raw JSON from the gateway, passed on as it came.</param>
    public static byte[] ConnectionReady(Guid resourceId, string gatewayPublicKey, ReadOnlySpan<byte> gatewayPayload)
    {
        using var json = JsonBuffer.Rent();
        var w = json.Writer;
        w.WriteStartObject();
        w.WriteString("resource_id"u8, resourceId);
        w.WriteNumber("persistent_keepalive"u8, 25);
        w.WriteString("gateway_public_key"u8, gatewayPublicKey);
        w.WriteForeign("gateway_payload"u8, gatewayPayload);
        w.WriteEndObject();
        return json.ToArray();
    }

    /// <summary>Device side: <c>create_flow</c>. Both members are mandatory.</summary>
    public static byte[] CreateFlow(Guid resourceId, IReadOnlyList<Guid> connectedGatewayIds)
    {
        using var json = JsonBuffer.Rent();
        var w = json.Writer;
        w.WriteStartObject();
        w.WriteString("resource_id"u8, resourceId);
        w.WriteStartArray("connected_gateway_ids"u8);
        foreach (var id in connectedGatewayIds)
            w.WriteStringValue(id);
        w.WriteEndArray();
        w.WriteEndObject();
        return json.ToArray();
    }
}
