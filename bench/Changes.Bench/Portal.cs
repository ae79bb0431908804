using Firezone.Grains.Abstractions.FrontEnds;
using Firezone.Storage.Postgres.Embedded;
using Firezone.Storage.Postgres.Schema;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;

namespace Firezone.Changes.Bench;

/// <summary>A PostgreSQL server, silos as processes, and this process as a front-end without sockets.</summary>
internal sealed class Portal : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly List<SiloProcess> _silos = [];
    private EmbeddedPostgres? _server;
    private IHost? _client;
    private IFrontEndObserver? _reference;
    private Task _renewing = Task.CompletedTask;
    private ServerCpu? _serverCpu;

    private Portal()
    {
    }

    public IReadOnlyList<SiloProcess> Silos => _silos;

    public PushLog Pushes { get; } = new();

    public Fleet Fleet { get; private set; } = null!;

    /// <summary>As administrators write.</summary>
    public NpgsqlDataSource Database { get; private set; } = null!;

    /// <summary>Without triggers and foreign keys.</summary>
    public NpgsqlDataSource Quiet { get; private set; } = null!;

    public static async Task<Portal> StartAsync(int silos, CancellationToken ct)
    {
        var portal = new Portal();
        try
        {
            await portal.BeginAsync(silos, ct);
            return portal;
        }
        catch
        {
            await portal.DisposeAsync();
            throw;
        }
    }

    /// <summary>CPU of all silos, and of the database server.</summary>
    public Cost Cpu() => new(_silos.Aggregate(TimeSpan.Zero, (sum, silo) => sum + silo.Cpu()), _serverCpu!.Total());

    public async Task<long> VersionAsync(Guid account)
    {
        await using var command = Database.CreateCommand("select version from accounts where id = $1");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = account });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>After much was written: what a server's own upkeep would have done by now.</summary>
    public async Task TidyAsync()
    {
        await using var command = Database.CreateCommand("vacuum analyze");
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
        await using var checkpoint = Database.CreateCommand("checkpoint");
        checkpoint.CommandTimeout = 0;
        await checkpoint.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_client is not null)
        {
            await _client.StopAsync();
            _client.Dispose();
        }

        await Task.WhenAll(_silos.Select(silo => silo.DisposeAsync().AsTask()));
        if (Database is not null)
            await Database.DisposeAsync();
        if (Quiet is not null)
            await Quiet.DisposeAsync();
        if (_server is not null)
        {
            await _server.DisposeAsync();
            Directory.Delete(_server.DataDirectory, recursive: true);
        }

        _ending.Dispose();
    }

    private async Task BeginAsync(int silos, CancellationToken ct)
    {
        _server = await EmbeddedPostgres.StartAsync(
            new EmbeddedPostgresOptions
            {
                DataDirectory = Path.Combine(Path.GetTempPath(), $"firezone-changes-{Guid.NewGuid():N}"),
                // Upkeep is done by hand, so that it falls into no measurement.
                Settings = new Dictionary<string, string> { ["autovacuum"] = "off", ["max_connections"] = "200", ["max_wal_size"] = "4GB" },
                Durable = false,
            },
            NullLogger.Instance,
            ct);
        var connection = _server.ConnectionString();
        await SchemaMigrator.MigrateAsync(connection, NullLogger.Instance, ct);
        Database = NpgsqlDataSource.Create(connection);
        Quiet = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(connection) { Options = "-c session_replication_role=replica" });
        await using (var opened = await Database.OpenConnectionAsync(ct))
            _serverCpu = await ServerCpu.OfAsync(opened);

        for (var silo = 0; silo < silos; silo++)
            _silos.Add(await SiloProcess.StartAsync(connection, ct));
        _client = CreateClient(connection);
        await _client.StartAsync(ct);
        var cluster = _client.Services.GetRequiredService<IClusterClient>();
        _reference = cluster.CreateObjectReference<IFrontEndObserver>(Pushes);
        Fleet = new Fleet(cluster, Pushes, _reference);
        _renewing = RenewAsync(cluster.GetGrain<IFrontEndDirectoryGrain>(0), _ending.Token);
    }

    private static IHost CreateClient(string connection)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("firezone", "firezone"));
            // The first attach waits for a large account to be read by a silo that compiles its code meanwhile.
            client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = Plan.Patience);
            client.UsePostgresMembership(options => options.ConnectionString = connection);
        });
        return builder.Build();
    }

    // Without its lease a front-end loses its sessions.
    private async Task RenewAsync(IFrontEndDirectoryGrain directory, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            await directory.Renew(Pushes.Id, "bench", "local", 0);
            await Task.Delay(TimeSpan.FromSeconds(4), TimeProvider.System, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
