namespace Firezone.Shared.Peers;

/// <summary>A connect to be sent, right unless parts are replaced.</summary>
public sealed record Connect(string Path, IReadOnlyDictionary<string, string?> Query, IReadOnlyList<string> Headers, string Method = "GET")
{
    /// <summary>The token unless another one is asked for.</summary>
    public const string Token = "secret-token";

    /// <summary>The public key unless another one is asked for.</summary>
    public const string PublicKey = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

    /// <summary>User agent of a client.</summary>
    public const string ClientAgent = "Ubuntu/24.4.0 headless-client/1.5.7 (x86_64; 6.8.0-45-generic)";

    /// <summary>User agent of a gateway.</summary>
    public const string GatewayAgent = "Debian/12 gateway/1.5.0 (x86_64)";

    public string PathAndQuery => Query.Count == 0
        ? Path
        : Path + "?" + string.Join('&', Query.Where(q => q.Value is not null).Select(q => $"{q.Key}={Uri.EscapeDataString(q.Value!)}"));

    public static Connect Client() => Create("client", ClientAgent, ("external_id", "e1"), ("public_key", PublicKey));

    public static Connect Gateway() => Create("gateway", GatewayAgent, ("external_id", "g1"), ("public_key", PublicKey));

    public static Connect Relay() => Create("relay", "relay/0.1.0", ("ipv4", "203.0.113.9"));

    public Connect With(string parameter, string? value) =>
        this with { Query = new Dictionary<string, string?>(Query) { [parameter] = value } };

    /// <summary>With another token in the header.</summary>
    public Connect WithToken(string token) => WithHeader("X-Authorization", $"Bearer {token}");

    /// <summary>Replaces a header, or removes it.</summary>
    public Connect WithHeader(string name, string? value)
    {
        var others = Headers.Where(h => !h.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase));
        return this with { Headers = value is null ? [.. others] : [.. others, $"{name}: {value}"] };
    }

    public Connect AddHeader(string name, string value) => this with { Headers = [.. Headers, $"{name}: {value}"] };

    private static Connect Create(string role, string userAgent, params (string Name, string Value)[] query) => new(
        $"/{role}/websocket",
        query.ToDictionary(q => q.Name, q => (string?)q.Value),
        [
            "Host: api.example.com",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            $"User-Agent: {userAgent}",
            $"X-Authorization: Bearer {Token}",
        ]);
}
