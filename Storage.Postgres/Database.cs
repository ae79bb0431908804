using Microsoft.Extensions.Logging;
using Npgsql;

namespace Firezone.Storage.Postgres;

/// <summary>
/// The ways to the database. Writes, locks and LISTEN go to the primary; reads may go elsewhere once replicas are configured, and no
/// caller names a host.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    private readonly NpgsqlDataSource _write;

    /// <summary>Opens no connection yet.</summary>
    /// <param name="connectionString">
    /// Npgsql's format. Statements are prepared automatically and the pool is kept to 32 connections unless the string says otherwise;
    /// behind a pooler in transaction mode add <c>Max Auto Prepare=0</c>. Several hosts may be listed; the primary among them is used.
    /// </param>
    /// <param name="loggers">Npgsql's own log, without parameter values.</param>
    public Database(string connectionString, ILoggerFactory? loggers = null)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        SetDefault(settings, "Max Auto Prepare", () => settings.MaxAutoPrepare = 64);
        SetDefault(settings, "Auto Prepare Min Usages", () => settings.AutoPrepareMinUsages = 2);
        SetDefault(settings, "Maximum Pool Size", () => settings.MaxPoolSize = 32);
        SetDefault(settings, "Timeout", () => settings.Timeout = 5);
        SetDefault(settings, "Command Timeout", () => settings.CommandTimeout = 10);
        SetDefault(settings, "Application Name", () => settings.ApplicationName = "firezone");
        ConnectionString = settings.ConnectionString;

        var builder = new NpgsqlDataSourceBuilder(ConnectionString);
        builder.UseLoggerFactory(loggers);
        _write = settings.Host?.Contains(',', StringComparison.Ordinal) == true
            ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary)
            : builder.Build();
    }

    /// <summary>The primary.</summary>
    public NpgsqlDataSource Write => _write;

    /// <summary>Where reads go. The same as <see cref="Write"/> until replicas are configured.</summary>
    public NpgsqlDataSource Read => _write;

    /// <summary>As given, with the defaults filled in; contains the password.</summary>
    internal string ConnectionString { get; }

    /// <summary>Closes the pooled connections.</summary>
    public ValueTask DisposeAsync() => _write.DisposeAsync();

    private static void SetDefault(NpgsqlConnectionStringBuilder settings, string keyword, Action set)
    {
        if (!settings.ShouldSerialize(keyword))
            set();
    }
}
