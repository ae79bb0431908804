using System.Net;
using Firezone.Gateway.WebSockets.Options;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Firezone.Gateway.WebSockets.RemoteAddresses;

/// <summary>Finds a connect's real address behind any number of proxies.</summary>
public sealed class RealIpResolver(IOptions<FrontEndOptions> options)
{
    private readonly AddressRanges _trustedProxies = AddressRanges.Parse(options.Value.TrustedProxies);
    private readonly AddressRanges _privateClients = AddressRanges.Parse(options.Value.PrivateClients);
    private readonly ForwardedHeadersTrust _trust = options.Value.ForwardedHeaders;

    /// <summary>
    /// Walks all <c>X-Forwarded-For</c> entries from the last, which the nearest proxy wrote, to the first and takes the first that is
    /// not a proxy. Without one the TCP peer is it.
    /// </summary>
    /// <param name="tcpPeer">Null where the transport knows none.</param>
    /// <param name="forwardedFor">The header's values in order of arrival.</param>
    public RemotePeer Resolve(IPAddress? tcpPeer, StringValues forwardedFor)
    {
        var peer = ForwardedAddress.Normalize(tcpPeer ?? IPAddress.Loopback);
        var trusted = _trust switch
        {
            ForwardedHeadersTrust.Always => true,
            ForwardedHeadersTrust.Never => false,
            _ => !IsClient(peer),
        };
        if (!trusted)
            return new RemotePeer(peer, false);

        for (var i = forwardedFor.Count - 1; i >= 0; i--)
        {
            var rest = forwardedFor[i].AsSpan();
            while (true)
            {
                var comma = rest.LastIndexOf(',');
                if (ForwardedAddress.TryParseEntry(rest[(comma + 1)..], out var address) && IsClient(address))
                    return new RemotePeer(address, true);
                if (comma < 0)
                    break;
                rest = rest[..comma];
            }
        }

        return new RemotePeer(peer, true);
    }

    /// <summary>Whether an address is a client's and not that of a proxy.</summary>
    internal bool IsClient(IPAddress address) =>
        _privateClients.Contains(address) || !(_trustedProxies.Contains(address) || AddressRanges.Private.Contains(address));
}
