using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Firezone.Storage.Postgres.Embedded;

/// <summary>
/// A private PostgreSQL server on 127.0.0.1, for development and tests. It needs no preparation, and runs as an unprivileged user when
/// this process is root. It stops with <see cref="DisposeAsync"/>; if this process is killed, the kernel stops it where that can be
/// arranged, else the next start with the same directory takes it over.
/// </summary>
/// <remarks>Two live processes with the same directory share one server; it stops with the one that started it.</remarks>
public sealed partial class EmbeddedPostgres : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private const int PortAttempts = 5;
    private const string User = "postgres";

    private readonly EmbeddedPostgresOptions _options;
    private readonly ILogger _log;
    private readonly ClusterFiles _files;
    private FileStream? _ownership;
    private ServerProcess? _server;
    private int? _adopted;

    private EmbeddedPostgres(EmbeddedPostgresOptions options, ILogger log)
    {
        _options = options;
        _log = log;
        _files = new ClusterFiles(ClusterPlace.Reachable(options.DataDirectory, options.Durable, log));
    }

    /// <summary>Where the cluster really lives; differs from the option when that place is closed to the server's user.</summary>
    public string DataDirectory => _files.Root;

    /// <summary>The port it listens on.</summary>
    public int Port { get; private set; }

    /// <summary>Makes the cluster if there is none, starts the server, and waits until it answers.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="log">Receives the server's log at Debug.</param>
    /// <param name="ct">Gives up; the server is stopped again.</param>
    /// <exception cref="PostgresNotFoundException">There are no binaries; the message says what would help.</exception>
    /// <exception cref="EmbeddedPostgresException">It did not start; the message has the end of its log.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(EmbeddedPostgresOptions options, ILogger log, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        var postgres = new EmbeddedPostgres(options, log);
        try
        {
            postgres._ownership = FileLock.TryTake(postgres._files.OwnerLock);
            if (postgres._ownership is null)
                await postgres.JoinAsync(ct);
            else if (!await postgres.TryAdoptAsync(ct))
                await postgres.LaunchAsync(ct);
            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>How to connect as the superuser. The database is not created by this.</summary>
    /// <param name="database">Its name.</param>
    public string ConnectionString(string database = "firezone") => Settings(database, Port).ConnectionString;

    /// <summary>Stops the server, unless another live process started it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.StopAsync();
        if (_adopted is { } processId)
            await StopAsync(processId);
        _server = null;
        _adopted = null;
        if (_ownership is not null)
            await _ownership.DisposeAsync();
        _ownership = null;
    }

    private NpgsqlConnectionStringBuilder Settings(string database, int port) => new()
    {
        Host = IPAddress.Loopback.ToString(),
        Port = port,
        Username = User,
        Password = _files.Password(),
        Database = database,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    };

    // Another live process owns the directory: use its server as soon as it answers.
    private async Task JoinAsync(CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (_files.RunningServer() is { } running && await AnswersAsync(running.Port, ct))
            {
                Port = running.Port;
                LogJoined(_log, _files.Root, Port);
                return;
            }
            if (Stopwatch.GetElapsedTime(started) > StartTimeout)
                throw new EmbeddedPostgresException($"Another process owns {_files.Root}, but its server does not answer.");
            await Task.Delay(Pause, TimeProvider.System, ct);
        }
    }

    // The previous owner is dead; its server may have outlived it.
    private async Task<bool> TryAdoptAsync(CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        while (_files.RunningServer() is { } running && ServerProcess.IsAlive(running.ProcessId))
        {
            if (await AnswersAsync(running.Port, ct))
            {
                if (_options.Port is { } wanted && wanted != running.Port)
                {
                    await StopAsync(running.ProcessId);
                    return false;
                }
                _adopted = running.ProcessId;
                Port = running.Port;
                LogAdopted(_log, _files.Root, Port);
                return true;
            }
            if (Stopwatch.GetElapsedTime(started) > StartTimeout)
                throw new EmbeddedPostgresException($"A server (process {running.ProcessId}) holds {_files.Data}, but does not answer.");
            await Task.Delay(Pause, TimeProvider.System, ct);
        }
        return false;
    }

    private async Task LaunchAsync(CancellationToken ct)
    {
        var major = _files.MajorVersion();
        var bin = _options.BinDirectory ?? await new PostgresBinaries(SearchPlaces.OfThisMachine(), _log).LocateAsync(major, ct);
        bin = await ClusterPlace.ReachableProgramsAsync(Path.GetFullPath(bin), _files, _log, ct);
        await ServerUser.OwnAsync(_files.Root, ct);
        if (major is null)
            await InitialiseAsync(bin, ct);

        for (var attempt = 1; ; attempt++)
        {
            Port = _options.Port ?? await _files.ChoosePortAsync(ct);
            _server = await ServerProcess.StartAsync(Path.Combine(bin, "postgres"), _files.Root, Arguments(), _log);
            if (await ReadyAsync(ct))
                break;
            if (_server.HasExited)
                await _server.Ended;
            var lines = _server.LastLines;
            // Somebody took the port between the look and the start.
            if (_options.Port is null && attempt < PortAttempts && lines.Contains("Address already in use", StringComparison.Ordinal))
            {
                _files.ForgetPort();
                continue;
            }
            throw new EmbeddedPostgresException($"PostgreSQL did not start on port {Port} with data in {_files.Data}:\n{lines}");
        }
        LogStarted(_log, bin, Port, _files.Root);
    }

    private async Task InitialiseAsync(string bin, CancellationToken ct)
    {
        // Made aside and renamed, so that an interrupted attempt leaves nothing that looks like a cluster.
        var fresh = _files.Data + ".new";
        if (Directory.Exists(fresh))
            Directory.Delete(fresh, recursive: true);
        List<string> arguments =
        [
            // Unsynced: the operating system has it on disk long before anything worth keeping is in it.
            "-D", fresh, "-U", User, "-E", "UTF8", "--locale=C", "--no-instructions", "--no-sync",
        ];
        if (_options.Durable)
        {
            await _files.CreatePasswordAsync(ct);
            await ServerUser.OwnAsync(_files.PasswordFile, ct);
            arguments.AddRange(["--auth=scram-sha-256", "--pwfile=" + _files.PasswordFile]);
        }
        else
            arguments.Add("--auth=trust");
        var (exit, output) = await Command.RunAsync(Path.Combine(bin, "initdb"), arguments, _files.Root, ct, asServerUser: true);
        if (exit != 0)
            throw new EmbeddedPostgresException($"initdb in {bin} failed for {_files.Data}:\n{output}");
        Directory.Move(fresh, _files.Data);
    }

    private string[] Arguments()
    {
        Dictionary<string, string> settings = new()
        {
            ["listen_addresses"] = "127.0.0.1",
            ["unix_socket_directories"] = "",
            ["shared_buffers"] = "64MB",
            ["max_connections"] = "200",
        };
        if (!_options.Durable)
        {
            settings["fsync"] = "off";
            settings["full_page_writes"] = "off";
        }
        foreach (var (name, value) in _options.Settings)
            settings[name] = value;
        return
        [
            "-D", _files.Data, "-p", Port.ToString(CultureInfo.InvariantCulture),
            .. settings.SelectMany(s => new[] { "-c", $"{s.Key}={s.Value}" }),
        ];
    }

    private async Task<bool> ReadyAsync(CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        while (!_server!.HasExited && Stopwatch.GetElapsedTime(started) < StartTimeout)
        {
            if (await AnswersAsync(Port, ct))
                return true;
            await Task.Delay(Pause, TimeProvider.System, ct);
        }
        return false;
    }

    // Whether the server on this port is ours and takes connections: a foreign one may have the port.
    private async Task<bool> AnswersAsync(int port, CancellationToken ct)
    {
        var settings = Settings("postgres", port);
        settings.Pooling = false;
        settings.Timeout = 2;
        settings.CommandTimeout = 2;
        try
        {
            await using var connection = new NpgsqlConnection(settings.ConnectionString);
            await connection.OpenAsync(ct);
            await using var command = new NpgsqlCommand("show data_directory", connection);
            return Equals(await command.ExecuteScalarAsync(ct), _files.Data);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or SocketException)
        {
            return false;
        }
    }

    // The pid file is the last thing that an orderly shutdown removes.
    private async Task StopAsync(int processId)
    {
        ServerProcess.Interrupt(processId);
        var started = Stopwatch.GetTimestamp();
        while (_files.RunningServer()?.ProcessId == processId && ServerProcess.IsAlive(processId)
            && Stopwatch.GetElapsedTime(started) < StopTimeout)
            await Task.Delay(Pause, TimeProvider.System);
    }

    [LoggerMessage(3033, LogLevel.Information, "PostgreSQL from {Bin} runs on port {Port} with data in {Directory}")]
    private static partial void LogStarted(ILogger logger, string bin, int port, string directory);

    [LoggerMessage(3034, LogLevel.Information, "Took over the PostgreSQL server that a killed process left in {Directory}, port {Port}")]
    private static partial void LogAdopted(ILogger logger, string directory, int port);

    [LoggerMessage(3035, LogLevel.Information, "Using the PostgreSQL server that another process runs in {Directory}, port {Port}")]
    private static partial void LogJoined(ILogger logger, string directory, int port);
}
