using Firezone.Wire.Json;

namespace Firezone.Wire.Gateway;

/// <summary>Deprecated since 1.4: a gateway's <c>connection_ready</c>.</summary>
/// <param name="Ref">Whatever the gateway sent, at most 2048 bytes: to be verified.</param>
/// <param name="GatewayPayload">Raw JSON for the client; points into the receive buffer.</param>
public readonly record struct ConnectionReady(string Ref, ReadOnlyMemory<byte> GatewayPayload)
{
    /// <summary>False if a member is missing or the ref overlong or no string: an unknown message.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> payload, out ConnectionReady msg) => PayloadParser.TryParse(payload, Read, out msg);

    private static bool Read(ref PayloadReader r, out ConnectionReady msg)
    {
        msg = default;
        string? reference = null;
        ReadOnlyMemory<byte> gatewayPayload = default;
        while (r.NextMember())
        {
            if (r.Enter("ref"u8))
            {
                if (!r.TryString(FlowAuthorized.MaxRefBytes, out reference))
                    return false;
            }
            else if (r.Enter("gateway_payload"u8))
            {
                gatewayPayload = r.Raw();
            }
        }

        if (reference is null || gatewayPayload.IsEmpty)
            return false;

        msg = new ConnectionReady(reference, gatewayPayload);
        return true;
    }
}
