namespace Firezone.Storage.Postgres.Connecting;

/// <summary>Judges connects of gateways.</summary>
public sealed class GatewayConnects
{
    /// <summary>stub</summary>
    public Task<ConnectOutcome<GatewayRecord>> ConnectAsync(string token, GatewayDevice? device, ConnectOrigin origin, CancellationToken ct) =>
        throw new NotImplementedException();
}
