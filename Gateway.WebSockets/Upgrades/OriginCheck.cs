using Microsoft.Extensions.Primitives;

namespace Firezone.Gateway.WebSockets.Upgrades;

/// <summary>Keeps other sites' pages from opening sockets with a browser's credentials (RFC 6455 section 10.2).</summary>
internal static class OriginCheck
{
    /// <summary>
    /// Native peers send no <c>Origin</c>. One that is there must name the host that the request was sent to; ports are not compared,
    /// because native peers leave theirs out of <c>Host</c> and proxies change it.
    /// </summary>
    internal static bool Allows(StringValues origins, HostString host)
    {
        foreach (var origin in origins)
        {
            if (string.IsNullOrEmpty(origin))
                continue;
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri)
                || uri.Host.Length == 0
                || !string.Equals(uri.IdnHost, Bare(host.Host), StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return true;
    }

    private static string Bare(string host) => host.Trim('[', ']');
}
