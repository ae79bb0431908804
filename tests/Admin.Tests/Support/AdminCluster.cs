using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Abstractions.Sites;
using Firezone.Grains.Hosting;
using Firezone.Shared;
using Firezone.Storage.Postgres;
using Orleans.TestingHost;

namespace Firezone.Admin.Tests.Support;

/// <summary>The admin API and one silo on the same database.</summary>
public sealed class AdminCluster : IAsyncLifetime
{
    private readonly PostgresFixture _postgres = new();
    private InProcessTestCluster _cluster = null!;

    public AdminHost Host { get; private set; } = null!;

    public PostgresFixture Postgres => _postgres;

    public async Task InitializeAsync()
    {
        await _postgres.InitializeAsync();
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddFirezoneStorage(_postgres.ConnectionString);
            silo.AddFirezoneGrains();
            // Part of the membership provider, which this cluster in one process does without.
            silo.AddRegionPlacement();
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
        Host = await AdminHost.StartAsync(_postgres, grains: _cluster.Client);
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
