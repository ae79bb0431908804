using System.Diagnostics;
using Firezone.Storage.Postgres.Embedded;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Firezone.Membership.Node.Driving;

/// <summary>A PostgreSQL server that may be stopped and started again, on the same port, with what it held.</summary>
public sealed class OwnPostgres : IAsyncDisposable
{
    private const string Prefix = "firezone-own-postgres-";
    private readonly EmbeddedPostgresOptions _options;
    private EmbeddedPostgres? _server;
    private string _directory = "";
    private int _databases;

    private OwnPostgres(EmbeddedPostgresOptions options) => _options = options;

    /// <summary>TCP port.</summary>
    public int Port => _options.Port!.Value;

    /// <param name="listen">Addresses to listen on besides 127.0.0.1, with the networks that are let in.</param>
    public static async Task<OwnPostgres> StartAsync(params (string Address, string Network)[] listen)
    {
        ArgumentNullException.ThrowIfNull(listen);
        RemoveLeftovers();
        var postgres = new OwnPostgres(new EmbeddedPostgresOptions
        {
            DataDirectory = Path.Combine(Path.GetTempPath(), $"{Prefix}{Environment.ProcessId}-{Guid.NewGuid():N}"),
            Port = Ports.Next(),
            Durable = false,
            Settings = new Dictionary<string, string>
            {
                ["listen_addresses"] = string.Join(',', listen.Select(l => l.Address).Prepend("127.0.0.1")),
                ["max_connections"] = "300",
                ["shared_preload_libraries"] = "pg_stat_statements",
                ["autovacuum"] = "off",
            },
        });
        await postgres.StartAsync();
        if (listen.Length > 0)
        {
            await File.AppendAllLinesAsync(
                Path.Combine(postgres._directory, "data", "pg_hba.conf"),
                listen.Select(l => $"host all all {l.Network} trust"));
            await postgres.ExecuteAsync("select pg_reload_conf()");
        }

        return postgres;
    }

    public string ConnectionString(string database, string host = "127.0.0.1") =>
        new NpgsqlConnectionStringBuilder(_server!.ConnectionString(database)) { Host = host }.ConnectionString;

    /// <summary>Creates a database with the membership tables.</summary>
    /// <returns>Its name.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"membership_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync($"create database {name}");
        await MembershipTables.CreateAsync(ConnectionString(name));
        return name;
    }

    /// <summary>Starts the server again after <see cref="StopAsync"/>.</summary>
    public async Task StartAsync()
    {
        _server = await EmbeddedPostgres.StartAsync(_options, NullLogger.Instance, CancellationToken.None);
        _directory = _server.DataDirectory;
    }

    /// <summary>Stops the server at once: all sessions are ended, new ones are refused.</summary>
    public async Task StopAsync()
    {
        // The pool of this process would offer broken connections afterwards.
        NpgsqlConnection.ClearAllPools();
        await _server!.DisposeAsync();
    }

    /// <summary>Runs a statement in the database <c>postgres</c>, over a connection of its own.</summary>
    /// <returns>The first column of the first row.</returns>
    public async Task<object?> ExecuteAsync(string sql, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Remove(_directory);
    }

    // What processes left that were killed.
    private static void RemoveLeftovers()
    {
        foreach (var directory in Directory.EnumerateDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            var owner = Path.GetFileName(directory)[Prefix.Length..].Split('-')[0];
            if (!Directory.Exists("/proc/" + owner))
                Remove(directory);
        }
    }

    // A test runner kills its process soon after the last test; this outlives it.
    private static void Remove(string directory) => Process.Start("rm", ["-rf", directory]).Dispose();
}
