using System.Net;
using System.Net.Sockets;

namespace Firezone.Bench.Load;

/// <summary>Where load goes.</summary>
/// <param name="EndPoint">Address and port.</param>
/// <param name="Host">For the <c>Host</c> header.</param>
/// <param name="Path">In front of the channels' paths; empty as a rule.</param>
public sealed record Target(IPEndPoint EndPoint, string Host, string Path)
{
    /// <summary>True if load stays on this machine.</summary>
    public bool IsLoopback => IPAddress.IsLoopback(EndPoint.Address);

    /// <summary>
    /// True if connects can come from any number of addresses: portals limit the rate of connects per address and token, and
    /// 127.0.0.0/8 has addresses enough.
    /// </summary>
    internal bool HasManySources => IsLoopback && EndPoint.AddressFamily == AddressFamily.InterNetwork;

    /// <summary>Understands <c>ws://host:port</c> and finds the host's address.</summary>
    /// <exception cref="LoadException">The text is no such URL, or there is no such host.</exception>
    public static async Task<Target> FindAsync(string url, CancellationToken ct)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("ws" or "wss"))
            throw new LoadException($"'{url}' is not a URL such as ws://127.0.0.1:8081");
        if (uri.Scheme == "wss")
        {
            throw new LoadException(
                "The load generator speaks no TLS. TLS ends in front of a portal: give the address behind that, such as ws://10.0.0.5:8081");
        }

        if (uri.Query.Length > 0 || uri.UserInfo.Length > 0)
            throw new LoadException("The URL must have neither a query nor a user.");
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(uri.IdnHost, ct);
            var address = addresses.OrderBy(candidate => candidate.AddressFamily != AddressFamily.InterNetwork).FirstOrDefault();
            return address is null
                ? throw new LoadException($"'{uri.Host}' has no address.")
                : new Target(new IPEndPoint(address, uri.Port), uri.Authority, uri.AbsolutePath.TrimEnd('/'));
        }
        catch (SocketException e)
        {
            throw new LoadException($"The address of '{uri.Host}' cannot be found: {e.Message}");
        }
    }
}
