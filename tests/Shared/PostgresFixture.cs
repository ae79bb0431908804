using Firezone.Storage.Postgres;
using Firezone.Storage.Postgres.Provisioning;
using Npgsql;
using Xunit;

namespace Firezone.Shared;

/// <summary>
/// A database of its own for a test class, with the current schema: use as <c>IClassFixture&lt;PostgresFixture&gt;</c>. The server is
/// shared by the whole test process.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private PostgresServer _server = null!;

    /// <summary>How to connect.</summary>
    public string ConnectionString { get; private set; } = null!;

    /// <summary>Opened on <see cref="ConnectionString"/>.</summary>
    public Database Database { get; private set; } = null!;

    /// <summary>Creates configuration in <see cref="Database"/>.</summary>
    public Provisioner Provisioner { get; private set; } = null!;

    /// <summary>A further database with the current schema, for a test that needs one alone.</summary>
    public Task<string> CreateDatabaseAsync() => _server.CreateDatabaseAsync("test");

    /// <summary>How to connect to a database of the server that does not exist yet.</summary>
    public string MissingDatabase() => _server.ConnectionString($"missing_{Guid.NewGuid():N}");

    /// <summary>Runs SQL as an administrator would by hand, outside the program's own connections.</summary>
    public async Task ExecuteAsync(string sql, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Starts <c>pg_stat_statements</c> anew for this database alone: the server counts for other tests at the same time.</summary>
    public Task ResetStatementsAsync() =>
        ExecuteAsync("select pg_stat_statements_reset(0, (select oid from pg_database where datname = current_database()), 0)");

    /// <summary>The first column of the first row.</summary>
    public async Task<T> ScalarAsync<T>(string sql, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        _server = await PostgresServer.GetAsync();
        ConnectionString = await _server.CreateDatabaseAsync("test");
        Database = new Database(ConnectionString);
        Provisioner = new Provisioner(Database);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await Database.DisposeAsync();
        await _server.DropDatabaseAsync(ConnectionString);
    }

    private NpgsqlCommand Command(string sql, object[] parameters)
    {
        var command = Database.Write.CreateCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return command;
    }
}
