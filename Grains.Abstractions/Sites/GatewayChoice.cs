using Firezone.Grains.Abstractions.Flows;

namespace Firezone.Grains.Abstractions.Sites;

/// <summary>Exactly one of the two is set.</summary>
/// <param name="Gateway">The chosen gateway.</param>
/// <param name="Failure">Why none was chosen.</param>
[GenerateSerializer, Immutable, Alias("fz.GatewayChoice")]
public sealed record GatewayChoice([property: Id(0)] GatewayPresence? Gateway, [property: Id(1)] FlowFailure? Failure);
