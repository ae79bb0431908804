using Firezone.Grains.Abstractions.Sessions;

namespace Firezone.Grains.Abstractions.Admission;

/// <summary>An admitted relay. Its id follows from the stamp secret that it sends when it joins.</summary>
/// <param name="TokenId">The credential.</param>
/// <param name="Attributes">Its addresses.</param>
/// <param name="RemoteIp">Real IP of this connect.</param>
/// <param name="Location">Of this connect; relays near a peer are preferred.</param>
/// <param name="AdmittedAt">By the database's clock.</param>
[GenerateSerializer, Immutable, Alias("fz.RelayTicket")]
public sealed record RelayTicket(
    [property: Id(0)] Guid TokenId,
    [property: Id(1)] RelayAttributes Attributes,
    [property: Id(2)] string RemoteIp,
    [property: Id(3)] Location Location,
    [property: Id(4)] DateTimeOffset AdmittedAt);
