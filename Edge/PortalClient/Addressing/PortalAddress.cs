using System.Text;

namespace Firezone.Edge.PortalClient.Addressing;

/// <summary>The portal's base URL, checked once at start.</summary>
public sealed class PortalAddress
{
    private const int DefaultPort = 443;
    private readonly string _scheme;
    private readonly int _port;
    private readonly string _basePath;

    private PortalAddress(string scheme, string host, int port, string basePath)
    {
        _scheme = scheme;
        Host = host;
        _port = port;
        _basePath = basePath;
    }

    /// <summary>The host name or literal address, IPv6 in brackets; devices send it as <c>Host</c> without the port.</summary>
    public string Host { get; }

    /// <summary>
    /// Accepts <c>ws</c>, <c>wss</c>, <c>http</c> and <c>https</c>, with a base path. The port is 443 unless the URL names one, for
    /// <c>ws</c> too: that is what Firezone's devices do.
    /// </summary>
    /// <exception cref="FormatException">The URL is not usable; the message says why. A configuration error, not worth a retry.</exception>
    public static PortalAddress Parse(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri))
            throw new FormatException($"'{url}' is not an absolute URL.");
        var scheme = uri.Scheme switch
        {
            "ws" or "http" => "ws",
            "wss" or "https" => "wss",
            _ => throw new FormatException($"The portal's URL must start with ws, wss, http or https, not '{uri.Scheme}'."),
        };
        if (uri.Host.Length == 0)
            throw new FormatException($"'{url}' names no host.");
        return new PortalAddress(scheme, uri.Host, NamesPort(url) ? uri.Port : DefaultPort, uri.AbsolutePath.TrimEnd('/'));
    }

    /// <summary>The WebSocket URL of a role. Values are form-encoded; nulls are left out.</summary>
    public Uri For(PortalRole role, IEnumerable<KeyValuePair<string, string?>> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var url = new StringBuilder($"{_scheme}://{Host}:{_port}{_basePath}/{role.Topic()}/websocket");
        var separator = '?';
        foreach (var (name, value) in parameters)
        {
            if (value is null)
                continue;
            url.Append(separator).Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }

        return new Uri(url.ToString());
    }

    /// <summary>A <see cref="Uri"/> does not tell an explicit default port from none.</summary>
    private static bool NamesPort(string url)
    {
        var start = url.IndexOf("://", StringComparison.Ordinal) + 3;
        var length = url.AsSpan(start).IndexOfAny('/', '?', '#');
        var authority = length < 0 ? url.AsSpan(start) : url.AsSpan(start, length);
        var afterHost = authority[(authority.LastIndexOf(']') + 1)..];
        var colon = afterHost.LastIndexOf(':');
        return colon >= 0 && colon < afterHost.Length - 1;
    }
}
