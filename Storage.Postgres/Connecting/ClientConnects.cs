namespace Firezone.Storage.Postgres.Connecting;

/// <summary>Judges connects of clients.</summary>
public sealed class ClientConnects
{
    /// <summary>stub</summary>
    public Task<ConnectOutcome<ClientRecord>> ConnectAsync(string token, ClientDevice? device, ConnectOrigin origin, CancellationToken ct) =>
        throw new NotImplementedException();
}
