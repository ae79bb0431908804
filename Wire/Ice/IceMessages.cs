using Firezone.Wire.Json;

namespace Firezone.Wire.Ice;

/// <summary>
/// Payloads of <c>ice_candidates</c> and <c>invalidate_ice_candidates</c>, and of their broadcast forms from devices. Candidates are opaque
/// and relayed as they came.
/// </summary>
public static class IceMessages
{
    /// <summary>A gateway's candidates, for a client.</summary>
    public static byte[] ToClient(Guid gatewayId, IReadOnlyList<string> candidates) => Render("gateway_id"u8, gatewayId, candidates);

    /// <summary>A client's candidates, for a gateway.</summary>
    public static byte[] ToGateway(Guid clientId, IReadOnlyList<string> candidates) => Render("client_id"u8, clientId, candidates);

    /// <summary>Device side: a client's candidates for the portal to pass on.</summary>
    public static byte[] FromClient(IReadOnlyList<Guid> gatewayIds, IReadOnlyList<string> candidates) =>
        RenderBroadcast("gateway_ids"u8, gatewayIds, candidates);

    /// <summary>Device side: a gateway's candidates for the portal to pass on.</summary>
    public static byte[] FromGateway(IReadOnlyList<Guid> clientIds, IReadOnlyList<string> candidates) =>
        RenderBroadcast("client_ids"u8, clientIds, candidates);

    private static byte[] Render(ReadOnlySpan<byte> name, Guid id, IReadOnlyList<string> candidates)
    {
        using var json = JsonBuffer.Rent();
        var w = json.Writer;
        w.WriteStartObject();
        w.WriteString(name, id);
        w.WriteStrings("candidates"u8, candidates);
        w.WriteEndObject();
        return json.ToArray();
    }

    private static byte[] RenderBroadcast(ReadOnlySpan<byte> name, IReadOnlyList<Guid> ids, IReadOnlyList<string> candidates)
    {
        using var json = JsonBuffer.Rent();
        var w = json.Writer;
        w.WriteStartObject();
        w.WriteStartArray(name);
        foreach (var id in ids)
            w.WriteStringValue(id);
        w.WriteEndArray();
        w.WriteStrings("candidates"u8, candidates);
        w.WriteEndObject();
        return json.ToArray();
    }
}
