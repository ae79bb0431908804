using Firezone.Silos.Hosting;
using Firezone.Storage.Postgres.Embedded;
using Firezone.Storage.Postgres.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Firezone.Silos.AllInOne;

/// <summary>
/// The database of this node: the one that the operator named, or, in an all-in-one node, an embedded server that lives as long as the
/// process. Migrated before anybody gets to use it.
/// </summary>
public sealed class NodeDatabase : IAsyncDisposable
{
    private readonly EmbeddedPostgres? _server;

    private NodeDatabase(string connectionString, string? replicas, bool allInOne, string dataDirectory, EmbeddedPostgres? server)
    {
        ConnectionString = connectionString;
        Replicas = replicas;
        AllInOne = allInOne;
        DataDirectory = dataDirectory;
        _server = server;
    }

    /// <summary>To the migrated database.</summary>
    public string ConnectionString { get; }

    /// <summary>To standbys of the same database that reads may go to; null if there are none.</summary>
    public string? Replicas { get; }

    /// <summary>This node carries everything, and a demo account.</summary>
    public bool AllInOne { get; }

    /// <summary>Where an all-in-one node keeps its files.</summary>
    public string DataDirectory { get; }

    /// <summary>Whether the server is part of this node.</summary>
    public bool IsEmbedded => _server is not null;

    /// <summary>Finds or starts the server and migrates the database.</summary>
    /// <exception cref="NodeStartException">No database is named, none can be started, or it does not answer.</exception>
    public static async Task<NodeDatabase> PrepareAsync(IConfiguration configuration)
    {
        var allInOne = configuration.GetValue("FIREZONE_ALL_IN_ONE", false);
        var data = Path.GetFullPath(configuration["FIREZONE_DATA"] ?? ".data");
        var given = configuration["FIREZONE_DATABASE"] ?? configuration.GetConnectionString("Firezone");
        if (string.IsNullOrWhiteSpace(given) && !allInOne)
            throw new NodeStartException("No database: set FIREZONE_DATABASE to a PostgreSQL connection string, or use ./run for a node that brings its own.");

        var replicas = configuration["FIREZONE_DATABASE_REPLICA"] ?? configuration.GetConnectionString("FirezoneReplica");
        DemandHosts(replicas);

        EmbeddedPostgres? server = null;
        try
        {
            if (string.IsNullOrWhiteSpace(given))
            {
                server = await EmbeddedPostgres.StartAsync(
                    new EmbeddedPostgresOptions { DataDirectory = Path.Combine(data, "postgres") }, NullLogger.Instance, CancellationToken.None);
            }

            var connectionString = server?.ConnectionString() ?? given!;
            await MigrateAsync(connectionString, configuration.GetValue("FIREZONE_DATABASE_WAIT", TimeSpan.Zero));
            return new NodeDatabase(connectionString, replicas, allInOne, data, server);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or NodeStartException))
        {
            if (server is not null)
                await server.DisposeAsync();
            throw new NodeStartException($"The database is not usable: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    // A program that is started while the database is away is of more use waiting than being started again and again. What no waiting mends,
    // such as a wrong password, ends it at once.
    private static async Task MigrateAsync(string connectionString, TimeSpan wait)
    {
        var began = TimeProvider.System.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await SchemaMigrator.MigrateAsync(connectionString, NullLogger.Instance, CancellationToken.None);
                return;
            }
            catch (NpgsqlException e) when (e.IsTransient && TimeProvider.System.GetElapsedTime(began) < wait)
            {
                if (attempt == 1)
                    await Console.Error.WriteLineAsync($"The database does not answer yet; trying on ({e.Message.ReplaceLineEndings(" ")})");
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(0.25 * attempt, 2) * (0.75 + Random.Shared.NextDouble() * 0.5)), TimeProvider.System);
            }
        }
    }

    // Whether they answer is not asked: without them the primary does it all.
    private static void DemandHosts(string? replicas)
    {
        if (string.IsNullOrWhiteSpace(replicas))
            return;
        try
        {
            if (string.IsNullOrWhiteSpace(new NpgsqlConnectionStringBuilder(replicas).Host))
                throw new NodeStartException("FIREZONE_DATABASE_REPLICA names no host.");
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new NodeStartException("FIREZONE_DATABASE_REPLICA is not a PostgreSQL connection string.");
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }
}
