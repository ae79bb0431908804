using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Firezone.Bench.Load;

/// <summary>One device that load is made of: the same device, with the same key, at every connect.</summary>
/// <param name="Role"><c>client</c>, <c>gateway</c> or <c>relay</c>.</param>
/// <param name="Number">Distinguishes devices of one role.</param>
/// <param name="Token">Its credential.</param>
internal sealed record Identity(string Role, int Number, string Token)
{
    /// <summary>The upgrade request.</summary>
    public byte[] Request(string host)
    {
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{Role} {Number}")));
        var key = Uri.EscapeDataString(Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes($"key of {Role} {Number}"))));
        var (query, component) = Role switch
        {
            "client" => ($"external_id={id}&name=load-{Number}&public_key={key}", "headless-client/1.5.7"),
            "gateway" => ($"external_id={id}&name=load-{Number}&public_key={key}", "gateway/1.5.0"),
            _ => ($"ipv4=127.0.0.1&port={3478 + Number}", "relay/0.1.0"),
        };
        return Encoding.ASCII.GetBytes(
            $"GET /{Role}/websocket?{query} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + $"User-Agent: Linux/6.8.0 {component} (x86_64; 6.8.0)\r\nX-Authorization: Bearer {Token}\r\n\r\n");
    }

    /// <summary>The first message.</summary>
    public byte[] Join()
    {
        var payload = Role == "relay"
            ? $"{{\"stamp_secret\":\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"stamp {Number}")))}\"}}"
            : "null";
        return Encoding.ASCII.GetBytes($"{{\"topic\":\"{Role}\",\"event\":\"phx_join\",\"payload\":{payload},\"ref\":0}}");
    }

    /// <summary>An address of its own for every connect, because portals limit the rate of connects per address and token.</summary>
    public static IPAddress Source(int connect) =>
        new([127, (byte)(1 + (connect >> 16) % 250), (byte)(connect >> 8), (byte)(1 + (connect & 0xFF) % 254)]);
}
