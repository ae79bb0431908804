using Firezone.Admin.Status;
using Firezone.Storage.Postgres;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Firezone.Admin.Hosting;

/// <summary>Runs the admin API for as long as the process runs. It is composed with the first request.</summary>
public sealed partial class AdminServer : IHostedService, IAsyncDisposable
{
    private readonly Database _database;
    private readonly LateApp _app;
    private readonly ILogger _logger;

    /// <summary>Composes it; nothing listens yet.</summary>
    /// <param name="connectionString">Of the product's database; the API takes connections of its own.</param>
    /// <param name="devices">The database as devices are served from it, whose replicas the status shows; null: there is none here.</param>
    /// <param name="options">Validated.</param>
    /// <param name="grains">The cluster.</param>
    /// <param name="time">For pauses and rate limits.</param>
    /// <param name="loggers">The process's.</param>
    public AdminServer(
        string connectionString,
        Database? devices,
        IOptions<AdminOptions> options,
        IGrainFactory grains,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            MaxPoolSize = options.Value.MaxDatabaseConnections,
            ApplicationName = "firezone-admin",
        };
        _database = new Database(settings.ConnectionString, loggers);
        _app = new LateApp(
            options.Value.Url,
            AdminApp.Listener(),
            loggers,
            server => AdminApp.Build(server, options.Value, _database, new ReplicaList(devices), grains, time, loggers));
        _logger = loggers.CreateLogger<AdminServer>();
    }

    /// <summary>Where it listens, with the port that was chosen if the configured one is 0.</summary>
    public string Address => _app.Address;

    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _app.StartAsync(cancellationToken);
        Listening(_logger, Address);
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => _app.StopAsync(cancellationToken);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }

    [LoggerMessage(EventId = 5000, Level = LogLevel.Information, Message = "The admin API listens at {Address}")]
    private static partial void Listening(ILogger logger, string address);
}
