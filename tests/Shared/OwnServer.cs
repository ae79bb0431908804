using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Firezone.Storage.Postgres.Embedded;
using Firezone.Storage.Postgres.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Firezone.Shared;

/// <summary>
/// A PostgreSQL server for one test alone, with one migrated database: it may be killed, stopped and started again on its port, and what it
/// counts is the test's own doing.
/// </summary>
public sealed class OwnServer : IAsyncDisposable
{
    private const string Database = "firezone";

    private readonly EmbeddedPostgresOptions _options;
    private EmbeddedPostgres _server = null!;

    private OwnServer(EmbeddedPostgresOptions options) => _options = options;

    /// <summary>The port, the same for its whole life.</summary>
    public int Port => _options.Port!.Value;

    /// <summary>How to connect to the database.</summary>
    public string ConnectionString => _server.ConnectionString(Database);

    /// <param name="durable">With fsync, as in production.</param>
    /// <param name="settings">Of the server.</param>
    public static Task<OwnServer> StartAsync(bool durable = false, params (string Name, string Value)[] settings) =>
        StartAsync(ServerPort.Next(), durable, settings);

    /// <summary>Starts it with an address besides 127.0.0.1, for whoever is in that network.</summary>
    public static async Task<OwnServer> StartOnAsync(string address, string network)
    {
        var own = await StartAsync(ServerPort.Next(), false, ("listen_addresses", "127.0.0.1," + address));
        await File.AppendAllLinesAsync(Path.Combine(own._server.DataDirectory, "data", "pg_hba.conf"), [$"host all all {network} trust"]);
        await own.ExecuteAsync("select pg_reload_conf()");
        return own;
    }

    private static async Task<OwnServer> StartAsync(int port, bool durable, params (string Name, string Value)[] settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var all = new Dictionary<string, string>
        {
            ["max_connections"] = "200",
            ["shared_preload_libraries"] = "pg_stat_statements",
            ["autovacuum"] = "off",
        };
        foreach (var (name, value) in settings)
            all[name] = value;
        var own = new OwnServer(new EmbeddedPostgresOptions
        {
            DataDirectory = Path.Combine(Path.GetTempPath(), $"firezone-own-server-{Environment.ProcessId}-{Guid.NewGuid():N}"),
            Port = port,
            Durable = durable,
            Settings = all,
        });
        await own.StartAsync();
        try
        {
            await SchemaMigrator.MigrateAsync(own.ConnectionString, NullLogger.Instance, CancellationToken.None);
            await own.ExecuteAsync("create extension pg_stat_statements");
            return own;
        }
        catch
        {
            await own.DisposeAsync();
            throw;
        }
    }

    /// <summary>How to connect through a proxy in front of the server.</summary>
    public string ConnectionStringThrough(FaultProxy proxy)
    {
        ArgumentNullException.ThrowIfNull(proxy);
        return new NpgsqlConnectionStringBuilder(ConnectionString) { Port = proxy.Port }.ConnectionString;
    }

    /// <summary>How to connect through another of its addresses.</summary>
    public string ConnectionStringAt(string address) => new NpgsqlConnectionStringBuilder(ConnectionString) { Host = address }.ConnectionString;

    /// <summary>Starts it again, with what it held.</summary>
    public async Task StartAsync() => _server = await EmbeddedPostgres.StartAsync(_options, NullLogger.Instance, CancellationToken.None);

    /// <summary>A fast shutdown: sessions are ended, new ones are refused.</summary>
    public async Task StopAsync() => await _server.DisposeAsync();

    /// <summary>Kills the server as a crash would, with everything that it was doing.</summary>
    public async Task KillAsync()
    {
        var postmaster = File.ReadLines(Path.Combine(_server.DataDirectory, "data", "postmaster.pid")).First();
        using var kill = Process.Start("kill", ["-9", postmaster]);
        await kill.WaitForExitAsync();
        await _server.DisposeAsync();
    }

    /// <summary>Runs a statement over a connection of its own.</summary>
    public async Task ExecuteAsync(string sql, params object[] parameters)
    {
        await using var connection = await OpenAsync();
        await using var command = Command(connection, sql, parameters);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Locks a table against everybody until the result is disposed of.</summary>
    public Task<IAsyncDisposable> LockAsync(string table) => BeginAsync($"lock table {table} in access exclusive mode");

    /// <summary>Runs a statement in a transaction that stays open until the result is disposed of, and is rolled back then.</summary>
    public async Task<IAsyncDisposable> BeginAsync(string sql)
    {
        var connection = await OpenAsync();
        await using var command = Command(connection, $"begin; {sql}", []);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    /// <summary>The first column of the first row.</summary>
    public async Task<T> ScalarAsync<T>(string sql, params object[] parameters)
    {
        await using var connection = await OpenAsync();
        await using var command = Command(connection, sql, parameters);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        // The test runner may be killed soon; this outlives it.
        Process.Start("rm", ["-rf", _server.DataDirectory]).Dispose();
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        // The test writes also where others may not.
        var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false;Command Timeout=60;Options=-c default_transaction_read_only=off");
        await connection.OpenAsync();
        return connection;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return command;
    }
}
