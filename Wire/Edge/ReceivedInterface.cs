namespace Firezone.Wire.Edge;

/// <summary>A device's tunnel interface. Gateways get addresses only.</summary>
/// <param name="Ipv4">Plain address.</param>
/// <param name="Ipv6">Plain address.</param>
/// <param name="SearchDomain">Or null.</param>
/// <param name="UpstreamDo53">Plain addresses of resolvers, in order.</param>
/// <param name="UpstreamDoh">URLs of DNS over HTTPS.</param>
public sealed record ReceivedInterface(
    string Ipv4, string Ipv6, string? SearchDomain, IReadOnlyList<string> UpstreamDo53, IReadOnlyList<string> UpstreamDoh);
