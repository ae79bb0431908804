using System.Globalization;
using System.Reflection;
using DbUp;
using DbUp.Engine;
using DbUp.Engine.Output;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Firezone.Storage.Postgres.Schema;

/// <summary>Brings a database to the schema that this build was made for.</summary>
public static partial class SchemaMigrator
{
    // Any constant will do; it must never change, because old and new builds migrate the same database.
    private const long LockKey = 0x66697265_7A6F6E65;

    // The folder's files, by name: their numbers order them.
    private static readonly Lazy<IReadOnlyList<SqlScript>> Embedded = new(() =>
    {
        var assembly = Assembly.GetExecutingAssembly();
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name => SqlScript.FromStream(name, assembly.GetManifestResourceStream(name)!)),
        ];
    });

    /// <summary>The scripts of this build, in their order.</summary>
    internal static IReadOnlyList<SqlScript> Scripts => Embedded.Value;

    /// <summary>
    /// Creates the database if it is missing and runs the numbered scripts it has not seen. Any number of processes may do so at once:
    /// an advisory lock lets one work while the others wait, then find nothing to do.
    /// </summary>
    /// <param name="connectionString">
    /// A direct connection: advisory locks do not survive a pooler in transaction mode. Of several hosts the primary is migrated.
    /// </param>
    /// <param name="logger">One line per script.</param>
    /// <param name="ct">Gives up while waiting; a script under way is finished.</param>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    /// <exception cref="SchemaMigrationException">A script failed; it leaves no trace.</exception>
    /// <exception cref="SchemaTooNewException">The database admits only newer builds. Nothing was changed.</exception>
    public static Task MigrateAsync(string connectionString, ILogger logger, CancellationToken ct) =>
        MigrateAsync(connectionString, Scripts, logger, ct);

    /// <summary>As a build with these scripts would do it.</summary>
    internal static async Task MigrateAsync(string connectionString, IReadOnlyList<SqlScript> scripts, ILogger logger, CancellationToken ct)
    {
        // Unpooled: nothing lingers that would keep the database from being dropped or used as a template.
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 0 };
        if (settings.Host?.Contains(',', StringComparison.Ordinal) == true)
            settings.TargetSessionAttributes = "primary";
        await EnsureDatabaseAsync(settings, logger, ct);

        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(ct);
        await using (var acquire = new NpgsqlCommand("select pg_advisory_lock($1)", connection))
        {
            acquire.Parameters.Add(new NpgsqlParameter<long> { TypedValue = LockKey });
            await acquire.ExecuteNonQueryAsync(ct);
        }
        // The lock goes with the connection.
        await DemandAdmittedAsync(connection, Number(scripts[^1].Name), logger, ct);
        var engine = DeployChanges.To
            .PostgresqlDatabase(settings.ConnectionString)
            .WithScripts(scripts)
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            .LogTo(new Log(logger))
            .Build();
        var result = await Task.Run(engine.PerformUpgrade, ct);
        if (!result.Successful)
            throw new SchemaMigrationException(result.ErrorScript?.Name, result.Error);
        if (await ScalarAsync<bool>(connection, "select to_regproc('adopt_database') is not null", ct)
            && await ScalarAsync<bool>(connection, "select adopt_database()", ct))
            Adopted(logger);
    }

    // A build whose newest script is older than the database's may run all the same, as during a rolling upgrade, unless a script has taken
    // away what it uses.
    private static async Task DemandAdmittedAsync(NpgsqlConnection connection, int build, ILogger logger, CancellationToken ct)
    {
        var newest = 0;
        var oldestBuild = 0;
        if (await ScalarAsync<bool>(connection, "select to_regclass('schemaversions') is not null", ct))
            newest = await ScalarAsync<string>(connection, "select max(scriptname) from schemaversions", ct) is { } name ? Number(name) : 0;
        if (await ScalarAsync<bool>(connection, "select to_regclass('schema_info') is not null", ct))
            oldestBuild = await ScalarAsync<int>(connection, "select oldest_build from schema_info", ct);
        if (build < oldestBuild)
            throw new SchemaTooNewException(newest, oldestBuild, build);
        if (build < newest)
            OlderBuild(logger, newest, build);
    }

    private static async Task<T?> ScalarAsync<T>(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(ct) is T value ? value : default;
    }

    // Firezone.Storage.Postgres.Schema.Migrations.0001_accounts.sql
    private static int Number(string script)
    {
        var parts = script.Split('.');
        return int.Parse(parts[^2].AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private static async Task EnsureDatabaseAsync(NpgsqlConnectionStringBuilder settings, ILogger logger, CancellationToken ct)
    {
        await using var probe = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await probe.OpenAsync(ct);
            return;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            // Missing: made below.
        }
        var maintenance = new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Database = "postgres" };
        await using var connection = new NpgsqlConnection(maintenance.ConnectionString);
        await connection.OpenAsync(ct);
        var name = settings.Database!.Replace("\"", "\"\"", StringComparison.Ordinal);
        await using var create = new NpgsqlCommand($"create database \"{name}\"", connection);
        try
        {
            await create.ExecuteNonQueryAsync(ct);
            DatabaseCreated(logger, settings.Database);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Another process was quicker.
        }
    }

    [LoggerMessage(3001, LogLevel.Information, "Created the database {Database}")]
    private static partial void DatabaseCreated(ILogger logger, string? database);

    [LoggerMessage(EventId = 3002, Message = "Schema: {Message}")]
    private static partial void Progress(ILogger logger, LogLevel level, string message);

    [LoggerMessage(3003, LogLevel.Error, "Schema: {Message}")]
    private static partial void Failed(ILogger logger, Exception? exception, string message);

    [LoggerMessage(3005, LogLevel.Warning,
        "The database was restored into another server; transaction ids of the old one were removed from its rows")]
    private static partial void Adopted(ILogger logger);

    [LoggerMessage(3004, LogLevel.Warning,
        "The database has schema {Newest}, this build knows {Build}; that is fine while a newer release is being rolled out")]
    private static partial void OlderBuild(ILogger logger, int newest, int build);

    private sealed class Log(ILogger logger) : IUpgradeLog
    {
        public void LogTrace(string format, params object[] args)
        {
        }

        public void LogDebug(string format, params object[] args)
        {
        }

        public void LogInformation(string format, params object[] args) => Progress(
            logger,
            format.StartsWith("Executing", StringComparison.Ordinal) ? LogLevel.Information : LogLevel.Debug,
            Text(format, args));

        public void LogWarning(string format, params object[] args) => Progress(logger, LogLevel.Warning, Text(format, args));

        public void LogError(string format, params object[] args) => Failed(logger, null, Text(format, args));

        public void LogError(Exception ex, string format, params object[] args) => Failed(logger, ex, Text(format, args));

        private static string Text(string format, object[] args) =>
            args.Length == 0 ? format : string.Format(System.Globalization.CultureInfo.InvariantCulture, format, args);
    }
}
