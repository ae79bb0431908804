using Firezone.Storage.Postgres.Behind;

namespace Firezone.Storage.Postgres.Connecting;

/// <summary>What a connect of a known client changes in its row.</summary>
/// <param name="ClientId">The row.</param>
/// <param name="Device">What the device sent; its name and external id are not written.</param>
/// <param name="Origin">From where.</param>
/// <param name="At">The database's clock at the connect. An older sighting never overwrites a newer one.</param>
/// <param name="Unverify">A stored hardware identifier changed or went missing.</param>
internal sealed record ClientSighting(Guid ClientId, ClientDevice Device, ConnectOrigin Origin, DateTimeOffset At, bool Unverify) : IBehindRow
{
    public Guid Key => ClientId;

    public IBehindRow Then(IBehindRow newer) => newer is ClientSighting sighting ? Then(sighting) : newer;

    private ClientSighting Then(ClientSighting newer) => newer.At >= At
        ? newer with { Unverify = Unverify || newer.Unverify }
        : this with { Unverify = Unverify || newer.Unverify };
}
