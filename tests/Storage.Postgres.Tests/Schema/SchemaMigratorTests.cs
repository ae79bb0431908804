using DbUp.Engine;
using Firezone.Shared;
using Firezone.Storage.Postgres.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Firezone.Storage.Postgres.Tests.Schema;

public sealed class SchemaMigratorTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly SqlScript Expanding = Script("9001_expanding", "-- expand\nalter table sites add column motto text");

    private static readonly SqlScript Contracting =
        Script("9002_contracting", "-- contract\nalter table sites drop column managed_by; update schema_info set oldest_build = 9001");

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
        await ExecuteAsync(connectionString, "delete from schemaversions where scriptname like '%0004%'");
        var failure = await Assert.ThrowsAsync<SchemaMigrationException>(() => MigrateAsync(connectionString));
        Assert.Contains("0004", failure.Message, StringComparison.Ordinal);
        Assert.IsType<PostgresException>(failure.InnerException);
    }

    [Fact]
    public async Task Builds_start_against_a_schema_that_was_expanded_and_not_once_it_was_contracted()
    {
        var connectionString = await postgres.CreateDatabaseAsync();
        await MigrateAsync(connectionString, [.. SchemaMigrator.Scripts, Expanding]);
        await MigrateAsync(connectionString);

        await MigrateAsync(connectionString, [.. SchemaMigrator.Scripts, Expanding, Contracting]);
        var scripts = await ScriptsAsync(connectionString);
        var refusal = await Assert.ThrowsAsync<SchemaTooNewException>(() => MigrateAsync(connectionString));
        Assert.Contains("has schema 9002", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("schema 9001 and newer", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Start the newer release", refusal.Message, StringComparison.Ordinal);
        // The build between, which no longer uses what went, may run.
        await MigrateAsync(connectionString, [.. SchemaMigrator.Scripts, Expanding]);
        Assert.Equal(scripts, await ScriptsAsync(connectionString));
    }

    [Fact]
    public async Task An_older_process_goes_on_while_and_after_a_newer_one_migrates()
    {
        var connectionString = await postgres.CreateDatabaseAsync();
        await using var old = new Database(connectionString);
        var p = new Provisioning.Provisioner(old);
        var account = await p.CreateAccountAsync("rolling", "Rolling");
        using var writing = new CancellationTokenSource();
        var writes = WriteAsync();
        await MigrateAsync(connectionString, [.. SchemaMigrator.Scripts, Expanding]);
        await p.CreateSiteAsync(account, "after");
        await writing.CancelAsync();
        Assert.True(await writes > 0);

        async Task<int> WriteAsync()
        {
            var n = 0;
            do
                await p.CreateSiteAsync(account, $"site {++n}");
            while (!writing.IsCancellationRequested);
            return n;
        }
    }

    [Fact]
    public async Task What_is_older_than_the_rules_is_migrated_with_the_audit_log_it_has()
    {
        var connectionString = postgres.MissingDatabase();
        await MigrateAsync(connectionString, [.. SchemaMigrator.Scripts.TakeWhile(s => !s.Name.Contains(".0008_", StringComparison.Ordinal))]);
        await ExecuteAsync(
            connectionString,
            """
            insert into audit_log (at, method, route, action, target_type, after)
            select now() - i * interval '10 days', 'POST', '/v1/sites', 'site.create', 'site', jsonb_build_object('i', i)
            from generate_series(0, 20) i;
            create table kept as select * from audit_log
            """);
        await MigrateAsync(connectionString);
        Assert.Equal(21L, await ScalarAsync(connectionString, "select count(*) from (table kept intersect table audit_log) as same"));
        Assert.Equal(0L, await ScalarAsync(connectionString, "select count(*) from audit_log_default"));
    }

    /// <summary>The first line of a script says it, because whoever writes the next one has to think of the builds that are running.</summary>
    [Fact]
    public void Every_script_since_the_rules_says_whether_it_expands_or_contracts()
    {
        foreach (var script in SchemaMigrator.Scripts.Skip(7))
        {
            var contracts = script.Contents.StartsWith("-- contract\n", StringComparison.Ordinal);
            Assert.True(contracts || script.Contents.StartsWith("-- expand\n", StringComparison.Ordinal), script.Name);
            Assert.True(contracts == script.Contents.Contains("update schema_info set oldest_build", StringComparison.Ordinal), script.Name);
        }
    }

    private static SqlScript Script(string name, string sql) => new($"{typeof(SchemaMigrator).Namespace}.Migrations.{name}.sql", sql);

    private static Task MigrateAsync(string connectionString, IReadOnlyList<SqlScript>? scripts = null) =>
        SchemaMigrator.MigrateAsync(connectionString, scripts ?? SchemaMigrator.Scripts, NullLogger.Instance, CancellationToken.None);

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

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
