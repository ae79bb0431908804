using Firezone.Storage.Postgres.Behind;

namespace Firezone.Storage.Postgres.Connecting;

/// <summary>What a connect of a known gateway changes in its row.</summary>
/// <param name="GatewayId">The row.</param>
/// <param name="Device">What the device sent; its external id is not written.</param>
/// <param name="Origin">From where.</param>
/// <param name="At">The database's clock at the connect. An older sighting never overwrites a newer one.</param>
internal sealed record GatewaySighting(Guid GatewayId, GatewayDevice Device, ConnectOrigin Origin, DateTimeOffset At) : IBehindRow
{
    public Guid Key => GatewayId;

    public IBehindRow Then(IBehindRow newer) => newer is GatewaySighting sighting ? Then(sighting) : newer;

    private GatewaySighting Then(GatewaySighting newer) => newer.At >= At ? newer : this;
}
