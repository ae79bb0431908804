using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Firezone.Gateway.WebSockets.RateLimiting;

/// <summary>What connects are counted by.</summary>
/// <param name="RemoteIp">The real address, textual.</param>
/// <param name="Credential">
/// First 16 lowercase hex digits of SHA-256 of the whole <c>X-Authorization</c> value, or <c>none</c>: connects whose token comes as a
/// query parameter share one bucket per address.
/// </param>
public readonly record struct ConnectRateKey(string RemoteIp, string Credential)
{
    /// <summary>The key of one connect.</summary>
    public static ConnectRateKey Create(IPAddress remoteIp, string? authorization)
    {
        if (authorization is null)
            return new ConnectRateKey(remoteIp.ToString(), "none");

        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(authorization));
        return new ConnectRateKey(remoteIp.ToString(), Convert.ToHexStringLower(digest.AsSpan(0, 8)));
    }
}
