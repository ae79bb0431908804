using System.Security.Cryptography;
using Firezone.Storage.Postgres.Behind;
using Firezone.Storage.Postgres.Connecting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Firezone.Storage.Postgres.Tests;

/// <summary>One process's connect path on a database. Disposing it writes what it has left to write.</summary>
internal sealed class Connector : IAsyncDisposable
{
    public static readonly ConnectOrigin Origin = new("198.51.100.7", "Debian/12 headless-client/1.5.7", "DE", "Berlin", 52.52, 13.4);

    public Connector(Database database, TimeProvider? time = null)
    {
        Writer = new WriteBehind(database, time ?? TimeProvider.System, NullLogger<WriteBehind>.Instance, new StorageMetrics());
        var gate = new FirstConnectGate();
        Clients = new ClientConnects(database, Writer, gate);
        Gateways = new GatewayConnects(database, Writer, gate);
        Relays = new RelayConnects(database);
    }

    public WriteBehind Writer { get; }

    public ClientConnects Clients { get; }

    public GatewayConnects Gateways { get; }

    public RelayConnects Relays { get; }

    public static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public static ClientDevice Laptop(string? externalId = null, string? key = null) =>
        new(externalId ?? Guid.NewGuid().ToString("N"), key ?? NewKey(), "laptop", "1.5.7", "SERIAL", "UUID", null, null);

    public static GatewayDevice Machine(string? externalId = null, string? key = null) =>
        new(externalId ?? Guid.NewGuid().ToString("N"), key ?? NewKey(), "gw-1", "1.5.0");

    public Task<ConnectOutcome<ClientRecord>> ConnectAsync(string token, ClientDevice? device) =>
        Clients.ConnectAsync(token, device, Origin, CancellationToken.None);

    public Task<ConnectOutcome<GatewayRecord>> ConnectAsync(string token, GatewayDevice? device) =>
        Gateways.ConnectAsync(token, device, Origin, CancellationToken.None);

    public async Task<ClientRecord> AdmitAsync(string token, ClientDevice device) =>
        Admitted(await ConnectAsync(token, device));

    public async Task<GatewayRecord> AdmitAsync(string token, GatewayDevice device) =>
        Admitted(await ConnectAsync(token, device));

    public ValueTask DisposeAsync() => Writer.DisposeAsync();

    private static T Admitted<T>(ConnectOutcome<T> outcome)
        where T : class
    {
        Assert.Equal(ConnectStatus.Ok, outcome.Status);
        return outcome.Record!;
    }
}
