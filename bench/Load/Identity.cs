using System.Security.Cryptography;
using System.Text;

namespace Firezone.Bench.Load;

/// <summary>One device that load is made of: the same device, with the same key, at every connect.</summary>
/// <param name="Role">What it is.</param>
/// <param name="Number">Distinguishes devices of one role.</param>
/// <param name="Token">Its credential.</param>
public sealed record Identity(Role Role, int Number, string Token)
{
    /// <summary>The role as it stands in addresses and topics.</summary>
    internal string Word => Role switch
    {
        Role.Client => "client",
        Role.Gateway => "gateway",
        _ => "relay",
    };

    /// <summary>The upgrade request.</summary>
    internal byte[] Request(Target target)
    {
        var id = Hash("", Convert.ToHexStringLower);
        var key = Uri.EscapeDataString(Hash("key of ", Convert.ToBase64String));
        var (query, component) = Role switch
        {
            Role.Client => ($"external_id={id}&name=load-{Number}&public_key={key}", "headless-client/1.5.7"),
            Role.Gateway => ($"external_id={id}&name=load-{Number}&public_key={key}", "gateway/1.5.0"),
            _ => ($"ipv4=127.0.0.1&port={3478 + Number}", "relay/0.1.0"),
        };
        return Encoding.ASCII.GetBytes(
            $"GET {target.Path}/{Word}/websocket?{query} HTTP/1.1\r\nHost: {target.Host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + $"User-Agent: Linux/6.8.0 {component} (x86_64; 6.8.0)\r\nX-Authorization: Bearer {Token}\r\n\r\n");
    }

    /// <summary>The frame that joins.</summary>
    internal byte[] Join() => ClientFrame.Of(
        $"{{\"topic\":\"{Word}\",\"event\":\"phx_join\",\"payload\":"
        + (Role == Role.Relay ? $"{{\"stamp_secret\":\"{Hash("stamp of ", Convert.ToHexStringLower)}\"}}" : "null")
        + ",\"ref\":0}");

    private string Hash(string what, Func<byte[], string> write) =>
        write(SHA256.HashData(Encoding.ASCII.GetBytes($"{what}{Word} {Number}")));

    // Not the token.
    private bool PrintMembers(StringBuilder text)
    {
        text.Append(Word).Append(' ').Append(Number);
        return true;
    }
}
