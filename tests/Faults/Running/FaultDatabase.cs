using Firezone.Membership.Node.Driving;

namespace Firezone.Faults.Running;

/// <summary>The PostgreSQL server of the tests that leave it alone, started with the first and stopped with the process; a database per class.</summary>
public sealed class FaultDatabase : IAsyncLifetime
{
    private static readonly Lazy<Task<OwnPostgres>> Server = new(StartServerAsync);
    private OwnPostgres _server = null!;
    private string _database = "";

    public string ConnectionString { get; private set; } = "";

    /// <summary>The first column of the first row.</summary>
    public async Task<T?> ScalarAsync<T>(string sql) => await _server.ExecuteAsync(sql, _database) is T value ? value : default;

    public async Task InitializeAsync()
    {
        _server = await Server.Value;
        _database = await _server.CreateDatabaseAsync();
        ConnectionString = _server.ConnectionString(_database);
    }

    public async Task DisposeAsync() => await _server.ExecuteAsync($"drop database if exists {_database} with (force)");

    private static async Task<OwnPostgres> StartServerAsync()
    {
        var server = await OwnPostgres.StartAsync();
        // The process is ending and has no asynchronous way left.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(10));
        return server;
    }
}
