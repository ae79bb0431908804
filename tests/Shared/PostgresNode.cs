using System.Globalization;
using Firezone.Storage.Postgres.Embedded;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Firezone.Shared;

/// <summary>One server of a <see cref="PostgresCluster"/>, which may be killed, paused and started again on the same port.</summary>
public sealed class PostgresNode : IAsyncDisposable
{
    private readonly EmbeddedPostgresOptions _options;
    private EmbeddedPostgres? _server;
    private int? _process;

    internal PostgresNode(string name, string directory, IReadOnlyDictionary<string, string> settings)
    {
        Name = name;
        Directory = directory;
        _options = new EmbeddedPostgresOptions { DataDirectory = directory, Port = ServerPort.Next(), Durable = false, Settings = settings };
    }

    /// <summary>By which the primary knows a standby.</summary>
    public string Name { get; }

    /// <summary>TCP port on 127.0.0.1.</summary>
    public int Port => _options.Port!.Value;

    /// <summary>Where the server lives.</summary>
    internal string Directory { get; private set; }

    /// <summary>How to connect to a database of this server, also while it is away.</summary>
    public string ConnectionString(string database = PostgresCluster.Database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = "postgres",
        Database = database,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    /// <summary>Ends the server and all of its children with SIGKILL.</summary>
    public async Task KillAsync()
    {
        await ProcessTree.KillAsync(Running());
        await StopAsync();
    }

    /// <summary>All processes of the server stand still; connections stay open, and new ones are taken by the kernel alone.</summary>
    public void Pause() => ProcessTree.Pause(Running());

    /// <summary>Ends <see cref="Pause"/>.</summary>
    public void Continue() => ProcessTree.Continue(Running());

    /// <summary>Starts the server again as what it was: a killed primary comes back as a primary. One that runs is stopped before.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>Makes a standby the primary; returns when it takes writes.</summary>
    public async Task PromoteAsync() => Assert(await ScalarAsync<bool>("select pg_promote(true, 30)"), "was not promoted");

    /// <summary>How long after its commit on the primary a standby shows a transaction; zero: at once.</summary>
    public Task SetReplayDelayAsync(TimeSpan delay) =>
        SetAsync("recovery_min_apply_delay", string.Create(CultureInfo.InvariantCulture, $"{delay.TotalMilliseconds:0}ms"));

    /// <summary>Changes a setting that a reload can change; returns when it applies.</summary>
    public async Task SetAsync(string name, string value)
    {
        // The server reads the file when it pleases; how often it has done so tells when.
        var before = await ScalarAsync<DateTime>("select pg_conf_load_time()");
        await ExecuteAsync($"alter system set {name} = '{value}'");
        await ExecuteAsync("select pg_reload_conf()");
        while (await ScalarAsync<DateTime>("select pg_conf_load_time()") == before)
            await Task.Yield();
    }

    /// <summary>Runs SQL over a connection of its own.</summary>
    public async Task ExecuteAsync(string sql, string database = PostgresCluster.Database)
    {
        await using var connection = await OpenAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column of the first row, over a connection of its own.</summary>
    public async Task<T> ScalarAsync<T>(string sql, string database = PostgresCluster.Database)
    {
        await using var connection = await OpenAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    internal async Task StartAsync()
    {
        _server = await EmbeddedPostgres.StartAsync(_options, NullLogger.Instance, CancellationToken.None);
        Directory = _server.DataDirectory;
        _process = ProcessOf(Directory);
    }

    internal async Task StopAsync()
    {
        if (_process is { } process)
            ProcessTree.Continue(process);
        if (_server is not null)
            await _server.DisposeAsync();
        _server = null;
        _process = null;
    }

    /// <summary>The server process that runs, or ran, on a directory.</summary>
    internal static int? ProcessOf(string directory)
    {
        var file = Path.Combine(directory, "data", "postmaster.pid");
        return File.Exists(file) ? int.Parse(File.ReadLines(file).First(), CultureInfo.InvariantCulture) : null;
    }

    private int Running() => _process ?? throw new InvalidOperationException($"{Name} does not run.");

    private async Task<NpgsqlConnection> OpenAsync(string database)
    {
        var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false;Command Timeout=60");
        await connection.OpenAsync();
        return connection;
    }

    private void Assert(bool holds, string otherwise)
    {
        if (!holds)
            throw new InvalidOperationException($"{Name} {otherwise}.");
    }
}
