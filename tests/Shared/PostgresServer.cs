using System.Diagnostics;
using System.Globalization;
using Firezone.Storage.Postgres.Embedded;
using Firezone.Storage.Postgres.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Firezone.Shared;

/// <summary>
/// The one PostgreSQL server of a test process, started by the first test that needs it and stopped with the process. Databases are
/// copies of a template that was migrated once.
/// </summary>
public sealed class PostgresServer
{
    private const string Prefix = "firezone-tests-";
    private const string Template = "firezone_template";

    private static readonly Lazy<Task<PostgresServer>> Instance = new(StartAsync);

    // PostgreSQL copies a template only while nobody else uses it.
    private readonly SemaphoreSlim _copying = new(1);
    private readonly EmbeddedPostgres _server;
    private int _databases;

    private PostgresServer(EmbeddedPostgres server) => _server = server;

    /// <summary>The server; the same for all callers.</summary>
    public static Task<PostgresServer> GetAsync() => Instance.Value;

    /// <summary>How to connect to a database of it, existing or not.</summary>
    public string ConnectionString(string database) => _server.ConnectionString(database);

    /// <summary>Creates a database with the current schema and nothing in it.</summary>
    /// <param name="name">Part of its name, for whoever looks at the server.</param>
    /// <returns>How to connect to it.</returns>
    public async Task<string> CreateDatabaseAsync(string name)
    {
        var database = $"{name}_{Interlocked.Increment(ref _databases)}";
        await _copying.WaitAsync();
        try
        {
            await ExecuteAsync($"create database \"{database}\" template {Template}");
        }
        finally
        {
            _copying.Release();
        }
        return ConnectionString(database);
    }

    /// <summary>Drops a database, whoever is still connected.</summary>
    public Task DropDatabaseAsync(string connectionString) =>
        ExecuteAsync($"drop database if exists \"{new NpgsqlConnectionStringBuilder(connectionString).Database}\" with (force)");

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false;Command Timeout=60");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<PostgresServer> StartAsync()
    {
        RemoveLeftovers();
        var directory = Path.Combine(Path.GetTempPath(), Prefix + Environment.ProcessId);
        var server = await EmbeddedPostgres.StartAsync(
            new EmbeddedPostgresOptions
            {
                DataDirectory = directory,
                Durable = false,
                Settings = new Dictionary<string, string>
                {
                    ["max_connections"] = "400",
                    ["shared_preload_libraries"] = "pg_stat_statements",
                    // Room for the statements of every test's database: beyond it the least used are forgotten, in the middle of a count.
                    ["pg_stat_statements.max"] = "50000",
                    // Loaded machines run the tests too: background work is kept away from them.
                    ["autovacuum"] = "off",
                    ["max_wal_size"] = "256MB",
                },
            },
            NullLogger.Instance,
            CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Stop(server);

        var shared = new PostgresServer(server);
        await SchemaMigrator.MigrateAsync(shared.ConnectionString(Template), NullLogger.Instance, CancellationToken.None);
        await using var connection = new NpgsqlConnection(shared.ConnectionString(Template) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("create extension pg_stat_statements", connection);
        await command.ExecuteNonQueryAsync();
        return shared;
    }

    private static void Stop(EmbeddedPostgres server)
    {
        // The process is ending and has no asynchronous way left.
        server.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(10));
        // The test runner kills this process soon; the removal outlives it.
        Process.Start("rm", ["-rf", server.DataDirectory]).Dispose();
    }

    // What test processes left that were killed.
    private static void RemoveLeftovers()
    {
        foreach (var directory in Directory.EnumerateDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            var suffix = Path.GetFileName(directory)[Prefix.Length..];
            if (int.TryParse(suffix, CultureInfo.InvariantCulture, out var owner) && !IsAlive(owner))
                Process.Start("rm", ["-rf", directory]).Dispose();
        }
    }

    private static bool IsAlive(int processId)
    {
        try
        {
            Process.GetProcessById(processId).Dispose();
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
