using Firezone.Grains.Abstractions.FrontEnds;
using Firezone.Grains.Abstractions.Operations;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Abstractions.Sites;
using Firezone.Grains.Hosting;
using Firezone.Shared;
using Firezone.Storage.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace Firezone.Admin.Tests.Support;

/// <summary>The admin API and one silo on the same database.</summary>
public sealed class AdminCluster : IAsyncLifetime
{
    private readonly PostgresFixture _postgres = new();
    private InProcessTestCluster _cluster = null!;
    private IFrontEndObserver? _reference;

    public AdminHost Host { get; private set; } = null!;

    public TestLogLevels LogLevels { get; } = new();

    public TestFrontEnd FrontEnd { get; } = new();

    public PostgresFixture Postgres => _postgres;

    public async Task InitializeAsync()
    {
        await _postgres.InitializeAsync();
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddFirezoneStorage(_postgres.ConnectionString);
            silo.AddFirezoneGrains();
            silo.Services.AddSingleton<ILogLevels>(LogLevels);
            silo.Services.AddOptions<GrainsOptions>().Configure(options => options.FrontEndLease = TimeSpan.FromMinutes(10));
            // Part of the membership provider, which this cluster in one process does without.
            silo.AddRegionPlacement();
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
        _reference = _cluster.Client.CreateObjectReference<IFrontEndObserver>(FrontEnd);
        await _cluster.Client.GetGrain<IFrontEndDirectoryGrain>(0).Renew(FrontEnd.Id, "test", "local", 0, _reference);
        Host = await AdminHost.StartAsync(_postgres, grains: _cluster.Client);
    }

    /// <summary>Lets the client of the account be connected to the front-end.</summary>
    public async Task ConnectAsync(AccountWorld world)
    {
        await _postgres.ExecuteAsync("update sessions set front_end_id = $2 where id = $1", world["session_id"], FrontEnd.Id);
        FrontEnd.Sockets[world["session_id"]] = new SocketState(
            1, TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(12.5), 3, 4096, 40, 60, 2, 1, 1, TimeSpan.FromSeconds(0.25), "127.0.0.1:1@1", null);
    }

    /// <summary>Lets a gateway be connected, as far as its site knows.</summary>
    public Task AnnounceAsync(AccountWorld world, string version) =>
        _cluster.Client.GetGrain<ISiteGrain>(world["site_id"]).Announce(new GatewayPresence(
            world.Caller.AccountId, world["gateway_id"], Guid.NewGuid(), version, "198.51.100.8", Location.Unknown));

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        await _cluster.DisposeAsync();
        await _postgres.DisposeAsync();
    }
}
