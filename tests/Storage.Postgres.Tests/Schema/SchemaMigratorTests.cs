using Firezone.Shared;
using Firezone.Storage.Postgres.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Firezone.Storage.Postgres.Tests.Schema;

public sealed class SchemaMigratorTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Four_at_once_create_and_migrate_a_missing_database_and_a_fifth_finds_nothing_to_do()
    {
        var connectionString = postgres.MissingDatabase();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => MigrateAsync(connectionString)));
        var scripts = await ScriptsAsync(connectionString);
        await MigrateAsync(connectionString);
        Assert.Equal(scripts, await ScriptsAsync(connectionString));
        Assert.Equal(scripts.Order(StringComparer.Ordinal), scripts);
        Assert.NotEmpty(scripts);
    }

    [Fact]
    public async Task A_failing_script_is_named_and_leaves_nothing()
    {
        var connectionString = await postgres.CreateDatabaseAsync();
        await using (var connection = new NpgsqlConnection(connectionString + ";Pooling=false"))
        {
            await connection.OpenAsync();
            await using var damage = new NpgsqlCommand("delete from schemaversions where scriptname like '%0004%'", connection);
            await damage.ExecuteNonQueryAsync();
        }
        var failure = await Assert.ThrowsAsync<SchemaMigrationException>(() => MigrateAsync(connectionString));
        Assert.Contains("0004", failure.Message, StringComparison.Ordinal);
        Assert.IsType<PostgresException>(failure.InnerException);
    }

    private static Task MigrateAsync(string connectionString) =>
        SchemaMigrator.MigrateAsync(connectionString, NullLogger.Instance, CancellationToken.None);

    private static async Task<List<string>> ScriptsAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select scriptname from schemaversions order by schemaversionsid", connection);
        await using var reader = await command.ExecuteReaderAsync();
        List<string> scripts = [];
        while (await reader.ReadAsync())
            scripts.Add(reader.GetString(0));
        return scripts;
    }
}
