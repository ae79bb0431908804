using Firezone.Grains.Abstractions.Sessions;

namespace Firezone.Grains.Abstractions.Sites;

/// <summary>An online gateway as its site sees it.</summary>
/// <param name="AccountId">Owner of the site.</param>
/// <param name="GatewayId">Device id.</param>
/// <param name="SessionId">The session that announced it.</param>
/// <param name="Version">Component version.</param>
/// <param name="RemoteIp">Real IP of its connect.</param>
/// <param name="Location">Of its connect.</param>
[GenerateSerializer, Immutable, Alias("fz.GatewayPresence")]
public sealed record GatewayPresence(
    [property: Id(0)] Guid AccountId,
    [property: Id(1)] Guid GatewayId,
    [property: Id(2)] Guid SessionId,
    [property: Id(3)] string Version,
    [property: Id(4)] string RemoteIp,
    [property: Id(5)] Location Location);
