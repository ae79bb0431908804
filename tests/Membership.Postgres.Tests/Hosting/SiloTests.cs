using Firezone.Membership.Postgres.Detection;
using Firezone.Membership.Postgres.Probing;
using Firezone.Membership.Postgres.Signals;
using Firezone.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Tests.Hosting;

public sealed class SiloTests : IAsyncLifetime
{
    private string _database = "";

    public async Task InitializeAsync() =>
        _database = await (await PostgresServer.GetAsync()).CreateDatabaseAsync(nameof(SiloTests));

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task New_activations_go_to_the_callers_region_and_not_to_a_silo_that_has_said_goodbye()
    {
        await using var first = await TestSilo.StartAsync(_database, "gcp", "a");
        await using var second = await TestSilo.StartAsync(_database, "gcp", "b");
        await using var far = await TestSilo.StartAsync(_database, "azure");
        foreach (var silo in new[] { first, second, far })
            await silo.SeesAsync(view => view.Members.Values.Count(m => m.Status == SiloStatus.Active) == 3);

        // The metadata of a silo that has just joined is fetched by each of the others in its own time.
        var cache = far.Services.GetRequiredService<Orleans.Runtime.MembershipService.SiloMetadata.ISiloMetadataCache>();
        await WaitUntilAsync(() => cache.GetSiloMetadata(first.Address).Metadata.Count > 0 && cache.GetSiloMetadata(second.Address).Metadata.Count > 0);
        for (var key = 0; key < 20; key++)
            Assert.Equal(SiloId.Of(far.Address).Value, await far.Grains.GetGrain<IPlacedGrain>(key).WhereAsync());

        await using var sender = new SignalSender(
            far.Services.GetRequiredService<MembershipDatabase>(),
            TimeProvider.System,
            far.Services.GetRequiredService<Telemetry.MembershipMetrics>(),
            Microsoft.Extensions.Logging.Abstractions.NullLogger<SignalSender>.Instance);
        Assert.True(await sender.TrySendAsync(new Signal.Goodbye(SiloId.Of(far.Address)), TimeSpan.FromSeconds(5), CancellationToken.None));
        var leavers = far.Services.GetRequiredService<Placement.Leavers>();
        await WaitUntilAsync(() => leavers.Contains(far.Address));
        for (var key = 100; key < 120; key++)
            Assert.NotEqual(SiloId.Of(far.Address).Value, await far.Grains.GetGrain<IPlacedGrain>(key).WhereAsync());
    }

    [Fact]
    public async Task A_probe_tells_a_living_silo_from_a_dead_and_from_a_silent_one()
    {
        await using var asking = await TestSilo.StartAsync(_database);
        var asked = await TestSilo.StartAsync(_database);
        await asking.SeesAsync(view => view.GetSiloStatus(asked.Address) == SiloStatus.Active);
        await asked.SeesAsync(view => view.GetSiloStatus(asking.Address) == SiloStatus.Active);
        var prober = asking.Services.GetRequiredService<SiloProber>();
        var (self, other) = (SiloId.Of(asking.Address), SiloId.Of(asked.Address));
        Assert.Equal(ProbeOutcome.Answered, await prober.ProbeAsync(other, CancellationToken.None));
        Assert.Equal(ProbeOutcome.Answered, await prober.AskAsync(other, self, CancellationToken.None));

        using var mute = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        mute.Start();
        var silent = SiloId.Of(SiloAddress.New((System.Net.IPEndPoint)mute.LocalEndpoint, 1));
        Assert.Equal(ProbeOutcome.Silent, await prober.ProbeAsync(silent, CancellationToken.None));

        await asked.DisposeAsync();
        Assert.Equal(ProbeOutcome.Refused, await prober.ProbeAsync(other, CancellationToken.None));
        Assert.Null(await prober.AskAsync(other, self, CancellationToken.None));
    }

    [Fact]
    public async Task A_silo_that_stops_leaves_a_dead_row_and_no_session()
    {
        await using var staying = await TestSilo.StartAsync(_database);
        var leaving = await TestSilo.StartAsync(_database);
        await staying.SeesAsync(view => view.GetSiloStatus(leaving.Address) == SiloStatus.Active);
        await leaving.DisposeAsync();
        await staying.SeesAsync(view => view.GetSiloStatus(leaving.Address) == SiloStatus.Dead);
        await using var source = NpgsqlDataSource.Create(_database);
        await using var command = source.CreateCommand(
            "select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database()) and mode = 'ExclusiveLock' and granted");
        Assert.Equal(1L, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Configuration_alone_can_choose_the_provider()
    {
        await using var silo = await TestSilo.StartAsync(_ => { }, new Dictionary<string, string?>
        {
            ["Orleans:ClusterId"] = "configured",
            ["Orleans:ServiceId"] = "configured",
            ["Orleans:Clustering:ProviderType"] = "PostgresMembership",
            ["Orleans:Clustering:ConnectionName"] = "Members",
            ["Orleans:Clustering:Region"] = "gcp/us-east1",
            ["ConnectionStrings:Members"] = _database,
        });
        var options = silo.Services.GetRequiredService<IOptions<PostgresMembershipOptions>>().Value;
        Assert.Equal("gcp/us-east1", options.Region);
        Assert.Equal(SiloStatus.Active, silo.Membership.CurrentSnapshot.GetSiloStatus(silo.Address));
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
            await Task.Delay(10, limit.Token);
    }
}
