using Firezone.Grains.Abstractions.Admission;
using Firezone.Shared.Peers;

namespace Firezone.Gateway.WebSockets.Tests.Support;

/// <summary>What the fake admission hands out.</summary>
internal static class Tickets
{

    internal static readonly Guid DeviceId = Guid.Parse("11111111-1111-4111-8111-111111111111");
    internal static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    internal static ClientTicket Client(ConnectRequest<ClientAttributes> request) => new(
        Guid.NewGuid(), DeviceId, Guid.NewGuid(), ActorKind.AccountUser, "A", "a@example.com", Guid.NewGuid(), Now.AddDays(1), null,
        Connect.PublicKey, new byte[32], "100.64.0.1", "fd00:2021:1111::1", request.UserAgent, request.Attributes?.Version ?? "",
        new HardwareIds(null, null, null, null), false, request.RemoteIp, request.Location, Now, 1);

    internal static GatewayTicket Gateway(ConnectRequest<GatewayAttributes> request) => new(
        Guid.NewGuid(), Guid.NewGuid(), DeviceId, Guid.NewGuid(), Connect.PublicKey, new byte[32], "100.64.0.2", "fd00:2021:1111::2",
        request.UserAgent, request.Attributes?.Version ?? "", request.RemoteIp, request.Location, Now, 1);

    internal static RelayTicket Relay(ConnectRequest<RelayAttributes> request) => new(
        Guid.NewGuid(), request.Attributes ?? new RelayAttributes(null, null, 0), request.RemoteIp, request.Location, Now);
}
