namespace Firezone.Grains.Abstractions.Sites;

/// <summary>The gateways whose sessions are on one silo, keyed by the silo's address as <c>address:port@generation</c>.</summary>
[Alias("fz.ISiloGatewaysGrain")]
public interface ISiloGatewaysGrain : IGrainWithStringKey
{
    /// <summary>Those of a site, as they have announced themselves to it or are about to.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:03"), Alias("At")]
    Task<GatewayPresence[]> At(Guid siteId);
}
