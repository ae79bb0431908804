using System.Net;

namespace Firezone.Gateway.WebSockets.RemoteAddresses;

/// <summary>Who is connecting.</summary>
/// <param name="Address">The real address, IPv4 where possible.</param>
/// <param name="HeadersTrusted">Whether the other headers of a load balancer may be believed as well.</param>
public readonly record struct RemotePeer(IPAddress Address, bool HeadersTrusted);
