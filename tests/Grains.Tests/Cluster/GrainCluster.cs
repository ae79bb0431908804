using Firezone.Grains.Abstractions.FrontEnds;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Hosting;
using Firezone.Shared;
using Firezone.Storage.Postgres;
using Firezone.Storage.Postgres.Provisioning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.TestingHost;

namespace Firezone.Grains.Tests.Cluster;

/// <summary>Silos in this process on a database of their own, and an Orleans client with a front-end that keeps what it is told.</summary>
public sealed class GrainCluster : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    private GrainCluster(InProcessTestCluster cluster, FakeTimeProvider time, string connectionString, Database database)
    {
        _cluster = cluster;
        Time = time;
        ConnectionString = connectionString;
        Database = database;
        Provisioner = new Provisioner(database);
        Reference = cluster.Client.CreateObjectReference<IFrontEndObserver>(FrontEnd);
    }

    /// <summary>Drives sessions; Orleans itself runs on real time.</summary>
    public FakeTimeProvider Time { get; }

    public string ConnectionString { get; }

    public Database Database { get; }

    public Provisioner Provisioner { get; }

    public IClusterClient Client => _cluster.Client;

    internal FakeFrontEnd FrontEnd { get; } = new();

    private IFrontEndObserver Reference { get; }

    /// <summary>Starts silos.</summary>
    /// <param name="silos">How many.</param>
    /// <param name="configure">Further configuration of each.</param>
    /// <param name="through">How the silos reach the database, given how the tests do.</param>
    public static async Task<GrainCluster> StartAsync(
        short silos = 1, Action<ISiloBuilder>? configure = null, Func<string, string>? through = null)
    {
        var connectionString = await (await PostgresServer.GetAsync()).CreateDatabaseAsync("grains");
        var ofSilos = through?.Invoke(connectionString) ?? connectionString;
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddKeyedSingleton<TimeProvider>(Clock.Sessions, time);
            silo.Services.AddFirezoneStorage(ofSilos);
            silo.AddFirezoneGrains();
            // Part of the membership provider, which this cluster in one process does without.
            silo.AddRegionPlacement();
            configure?.Invoke(silo);
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new GrainCluster(cluster, time, connectionString, new Database(connectionString, null));
    }

    /// <summary>A service of the first silo.</summary>
    public T Service<T>()
        where T : notnull => _cluster.Silos[0].ServiceProvider.GetRequiredService<T>();

    /// <summary>A service of every silo.</summary>
    public IEnumerable<T> Services<T>()
        where T : notnull => _cluster.Silos.Select(silo => silo.ServiceProvider.GetRequiredService<T>());

    /// <summary>A silo's name as attach results carry it.</summary>
    public string SiloName(int index) => _cluster.Silos[index].SiloAddress.ToParsableString();

    public SessionRef NewSession(DateTimeOffset openedAt) => new(Guid.NewGuid(), FrontEnd.Id, Reference, openedAt);

    public Task KillSiloAsync(int index) => _cluster.KillSiloAsync(_cluster.Silos[index]);

    /// <summary>In an orderly way.</summary>
    public Task StopSiloAsync(int index) => _cluster.StopSiloAsync(_cluster.Silos[index]);

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await Database.DisposeAsync();
    }
}
