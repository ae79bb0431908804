namespace Firezone.Grains.Abstractions.FrontEnds;

/// <summary>What a front-end tells operators of itself. Its size does not depend on how many sockets there are.</summary>
/// <param name="Version">Of its program.</param>
/// <param name="State"><c>starting</c>, <c>ready</c> or <c>draining</c>.</param>
/// <param name="Clients">Open sockets of clients, joined or not.</param>
/// <param name="Gateways">Of gateways.</param>
/// <param name="Relays">Of relays.</param>
/// <param name="Flows">Answered requests for a flow, by outcome: <c>granted</c>, or why not.</param>
/// <param name="Refusals">Refused connects, by the code of the answer.</param>
/// <param name="IsStorm">More connects come than are taken on.</param>
/// <param name="UnderWay">Connects and joins under way.</param>
/// <param name="Limit">Most of them at present.</param>
/// <param name="Waiting">Devices that were told to come back and have not yet.</param>
[GenerateSerializer, Immutable, Alias("fz.FrontEndReport")]
public sealed record FrontEndReport(
    [property: Id(0)] string Version,
    [property: Id(1)] string State,
    [property: Id(2)] int Clients,
    [property: Id(3)] int Gateways,
    [property: Id(4)] int Relays,
    [property: Id(5)] RecentCount[] Flows,
    [property: Id(6)] RecentCount[] Refusals,
    [property: Id(7)] bool IsStorm,
    [property: Id(8)] int UnderWay,
    [property: Id(9)] int Limit,
    [property: Id(10)] int Waiting);
