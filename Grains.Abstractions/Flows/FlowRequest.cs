using Firezone.Grains.Abstractions.Admission;

namespace Firezone.Grains.Abstractions.Flows;

/// <summary>A client's accepted request, on its way to the chosen gateway.</summary>
/// <param name="SessionId">The client session that asked; an answer for an older one is dropped.</param>
/// <param name="Client">The asking client.</param>
/// <param name="ResourceId">The requested resource.</param>
/// <param name="Resource">UTF-8 JSON of the resource as gateways read it, adapted to the client's version. Shared, never modified.</param>
/// <param name="PolicyId">The policy that grants.</param>
/// <param name="GroupId">That policy's group.</param>
/// <param name="MembershipId">The actor's membership in it, null for Everyone.</param>
/// <param name="ExpiresAt">End of the authorization.</param>
/// <param name="Basis">On which state of the configuration it was granted.</param>
/// <param name="Legacy">Set for the deprecated connection messages.</param>
/// <param name="RequestRef">Raw JSON text of the deprecated request's <c>ref</c>.</param>
[GenerateSerializer, Immutable, Alias("fz.FlowRequest")]
public sealed record FlowRequest(
    [property: Id(0)] Guid SessionId,
    [property: Id(1)] ClientTicket Client,
    [property: Id(2)] Guid ResourceId,
    [property: Id(3)] byte[] Resource,
    [property: Id(4)] Guid PolicyId,
    [property: Id(5)] Guid GroupId,
    [property: Id(6)] Guid? MembershipId,
    [property: Id(7)] DateTimeOffset ExpiresAt,
    [property: Id(10)] FlowBasis Basis,
    [property: Id(8)] LegacyConnection? Legacy,
    [property: Id(9)] string? RequestRef);
