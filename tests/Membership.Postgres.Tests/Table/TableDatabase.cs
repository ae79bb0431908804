using Firezone.Membership.Postgres.Table;
using Firezone.Shared;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Firezone.Membership.Postgres.Tests.Table;

/// <summary>An empty database for a test class; tables made through it are disposed with it.</summary>
public sealed class TableDatabase : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _open = [];
    private readonly List<string> _databases = [];

    /// <summary>As the owner.</summary>
    public string ConnectionString { get; private set; } = null!;

    public static string NewCluster() => "cluster-" + Guid.NewGuid().ToString("N");

    public async Task InitializeAsync() => ConnectionString = await CreateEmptyAsync();

    public async Task DisposeAsync()
    {
        foreach (var open in _open)
            await open.DisposeAsync();
        var server = await PostgresServer.GetAsync();
        foreach (var database in _databases)
            await server.DropDatabaseAsync(database);
    }

    /// <summary>A further database with nothing in it.</summary>
    public async Task<string> CreateEmptyAsync()
    {
        var server = await PostgresServer.GetAsync();
        var name = "membership_" + Guid.NewGuid().ToString("N");
        await ExecuteAsync(server.ConnectionString("postgres"), $"create database {name} template template0");
        var database = server.ConnectionString(name);
        _databases.Add(database);
        return database;
    }

    /// <summary>The connections of one process.</summary>
    public MembershipDatabase Open(string connectionString, string cluster)
    {
        var db = new MembershipDatabase(connectionString, cluster);
        _open.Add(db);
        return db;
    }

    /// <summary>The table as one process has it.</summary>
    public PostgresMembershipTable Table(
        string? cluster = null,
        string? connectionString = null,
        TimeProvider? time = null,
        ILogger<PostgresMembershipTable>? log = null,
        Action<PostgresMembershipOptions>? configure = null)
    {
        var options = new PostgresMembershipOptions { ConnectionString = connectionString ?? ConnectionString };
        configure?.Invoke(options);
        return new PostgresMembershipTable(
            Open(options.ConnectionString, cluster ?? NewCluster()),
            Options.Create(options),
            time ?? TimeProvider.System,
            log ?? NullLogger<PostgresMembershipTable>.Instance);
    }

    /// <summary>The same, with its schema and version row.</summary>
    public async Task<PostgresMembershipTable> StartAsync(string cluster, TimeProvider? time = null, string? connectionString = null)
    {
        var table = Table(cluster, connectionString, time);
        await table.InitializeMembershipTableAsync(true);
        return table;
    }

    /// <summary>SQL as a person would run it.</summary>
    public Task ExecuteAsync(string sql) => ExecuteAsync(ConnectionString, sql);

    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public static async Task<T> ScalarAsync<T>(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
