using System.Reflection;
using DbUp;
using DbUp.Engine.Output;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Firezone.Storage.Postgres.Schema;

/// <summary>Brings a database to the schema that this build was made for.</summary>
public static partial class SchemaMigrator
{
    // Any constant will do; it must never change, because old and new builds migrate the same database.
    private const long LockKey = 0x66697265_7A6F6E65;

    /// <summary>
    /// Creates the database if it is missing and runs the numbered scripts it has not seen. Any number of processes may do so at once:
    /// an advisory lock lets one work while the others wait, then find nothing to do.
    /// </summary>
    /// <param name="connectionString">A direct connection: advisory locks do not survive a pooler in transaction mode.</param>
    /// <param name="logger">One line per script.</param>
    /// <param name="ct">Gives up while waiting; a script under way is finished.</param>
    /// <exception cref="NpgsqlException">The database cannot be reached, or a script failed; a failed script leaves no trace.</exception>
    public static async Task MigrateAsync(string connectionString, ILogger logger, CancellationToken ct)
    {
        // Unpooled: nothing lingers that would keep the database from being dropped or used as a template.
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 0 };
        await EnsureDatabaseAsync(settings, logger, ct);

        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(ct);
        await using (var acquire = new NpgsqlCommand("select pg_advisory_lock($1)", connection))
        {
            acquire.Parameters.Add(new NpgsqlParameter<long> { TypedValue = LockKey });
            await acquire.ExecuteNonQueryAsync(ct);
        }
        // The lock goes with the connection.
        var engine = DeployChanges.To
            .PostgresqlDatabase(settings.ConnectionString)
            .WithScriptsEmbeddedInAssembly(Assembly.GetExecutingAssembly(), name => name.EndsWith(".sql", StringComparison.Ordinal))
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            .LogTo(new Log(logger))
            .Build();
        var result = await Task.Run(engine.PerformUpgrade, ct);
        if (!result.Successful)
            throw new SchemaMigrationException(result.ErrorScript?.Name, result.Error);
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
