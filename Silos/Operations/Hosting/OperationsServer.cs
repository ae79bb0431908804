using Firezone.Admin.Hosting;
using Firezone.Storage.Postgres;
using Npgsql;

namespace Firezone.Silos.Operations.Hosting;

/// <summary>
/// Serves the pages for operators for as long as the process runs, with database connections of its own. They are composed with the first request.
/// </summary>
public sealed partial class OperationsServer : IHostedService, IAsyncDisposable
{
    private const int MaxDatabaseConnections = 4;

    private readonly OperationsServices _services;
    private readonly Database _database;
    private readonly ILogger _logger;
    private LateApp? _app;

    internal OperationsServer(string connectionString, OperationsServices services)
    {
        _services = services;
        // Short: a page that says that the database does not answer is worth more than one that waits for it.
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            MaxPoolSize = MaxDatabaseConnections,
            ApplicationName = "firezone-operations",
            Timeout = 2,
            CommandTimeout = 3,
        };
        _database = new Database(settings.ConnectionString, services.Loggers);
        _logger = services.Loggers.CreateLogger<OperationsServer>();
    }

    /// <summary>Where it listens, with the port that was chosen if the configured one is 0.</summary>
    public string Address => App.Address;

    private LateApp App => _app ?? throw new InvalidOperationException("The server has not been started.");

    /// <summary>Every route.</summary>
    internal async Task<IEnumerable<Endpoint>> EndpointsAsync() => OperationsApp.EndpointsOf(await App.AppAsync());

    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var key = _services.Options.Oidc.IsOn ? await _services.Secrets.GetOrCreateAsync("operations-cookies", cancellationToken) : null;
        _app = new LateApp(
            _services.Options.Url,
            OperationsApp.Listener(),
            _services.Loggers,
            server => OperationsApp.Build(server, _services, _database, key));
        await _app.StartAsync(cancellationToken);
        Listening(_logger, Address);
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        await _database.DisposeAsync();
    }

    [LoggerMessage(EventId = 4101, Level = LogLevel.Information, Message = "The pages for operators are at {Address}")]
    private static partial void Listening(ILogger logger, string address);
}
