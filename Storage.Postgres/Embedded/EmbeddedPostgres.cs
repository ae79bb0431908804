using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
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
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private const int PortAttempts = 5;
    private const string User = "postgres";

    private readonly EmbeddedPostgresOptions options;
    private readonly ILogger log;
    private readonly string root;
    private FileStream? ownership;
    private ServerProcess? server;
    private int? adopted;

    private EmbeddedPostgres(EmbeddedPostgresOptions options, ILogger log, string root)
    {
        this.options = options;
        this.log = log;
        this.root = root;
    }

    /// <summary>Where the cluster really lives; differs from the option when that place is closed to the server's user.</summary>
    public string DataDirectory => root;

    /// <summary>The port it listens on.</summary>
    public int Port { get; private set; }

    private string Cluster => Path.Combine(root, "data");

    private string PasswordFile => Path.Combine(root, "password");

    private string PortFile => Path.Combine(root, "port");

    /// <summary>Makes the cluster if there is none, starts the server, and waits until it answers.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="log">Receives the server's log at Debug.</param>
    /// <param name="ct">Gives up; the server is stopped again.</param>
    /// <exception cref="PostgresNotFoundException">There are no binaries; the message says what would help.</exception>
    /// <exception cref="EmbeddedPostgresException">It did not start; the message has the end of its log.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(EmbeddedPostgresOptions options, ILogger log, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        var postgres = new EmbeddedPostgres(options, log, ReachableDirectory(options, log));
        try
        {
            postgres.ownership = FileLock.TryTake(Path.Combine(postgres.root, "host.lock"));
            if (postgres.ownership is null)
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
    public string ConnectionString(string database = "firezone") => Settings(database).ConnectionString;

    /// <summary>Stops the server, unless another process started it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (server is not null)
            await server.StopAsync();
        if (adopted is { } processId)
            await StopAdoptedAsync(processId);
        server = null;
        adopted = null;
        if (ownership is not null)
            await ownership.DisposeAsync();
        ownership = null;
    }

    private NpgsqlConnectionStringBuilder Settings(string database) => new()
    {
        Host = IPAddress.Loopback.ToString(),
        Port = Port,
        Username = User,
        Password = File.Exists(PasswordFile) ? File.ReadAllText(PasswordFile).Trim() : null,
        Database = database,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    };

    private static string ReachableDirectory(EmbeddedPostgresOptions options, ILogger log)
    {
        var wanted = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.DataDirectory));
        if (ServerUser.Barrier(wanted) is not { } barrier)
        {
            Directory.CreateDirectory(wanted);
            return wanted;
        }
        // Typical: a work tree below /root. The replacement is derived from the wanted path, so that the next start finds it again.
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(wanted)))[..12];
        var fallback = Path.Combine(options.Durable ? "/var/lib" : Path.GetTempPath(), "firezone-orleans", name);
        if (ServerUser.Barrier(fallback) is { } second)
        {
            throw new EmbeddedPostgresException(
                $"As root the server runs as '{ServerUser.Name}', which may enter neither {barrier} (for {wanted}) nor {second}. "
                + "Choose a data directory elsewhere.");
        }
        Directory.CreateDirectory(fallback);
        LogFallback(log, wanted, ServerUser.Name, barrier, fallback);
        return fallback;
    }

    // Another live process owns the directory: use its server as soon as it answers.
    private async Task JoinAsync(CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (ReadPidFile() is { } running && await AnswersAsync(running.Port, ct))
            {
                LogJoined(log, root, Port);
                return;
            }
            if (Stopwatch.GetElapsedTime(started) > StartTimeout)
                throw new EmbeddedPostgresException($"Another process owns {root}, but its server does not answer.");
            await Task.Delay(Pause, TimeProvider.System, ct);
        }
    }

    // The previous owner is dead; its server may have outlived it.
    private async Task<bool> TryAdoptAsync(CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        while (ReadPidFile() is { } running && IsServer(running.ProcessId))
        {
            if (await AnswersAsync(running.Port, ct))
            {
                if (options.Port is null || options.Port == running.Port)
                {
                    adopted = running.ProcessId;
                    LogAdopted(log, root, Port);
                    return true;
                }
                await StopAdoptedAsync(running.ProcessId);
                return false;
            }
            if (Stopwatch.GetElapsedTime(started) > StartTimeout)
                throw new EmbeddedPostgresException($"A server (process {running.ProcessId}) holds {Cluster}, but does not answer.");
            await Task.Delay(Pause, TimeProvider.System, ct);
        }
        return false;
    }

    private async Task LaunchAsync(CancellationToken ct)
    {
        var version = Path.Combine(Cluster, "PG_VERSION");
        int? major = File.Exists(version) ? int.Parse(await File.ReadAllTextAsync(version, ct), CultureInfo.InvariantCulture) : null;
        var bin = options.BinDirectory ?? await new PostgresBinaries(SearchPlaces.OfThisMachine(), log).LocateAsync(major, ct);
        bin = await ReachableBinAsync(Path.GetFullPath(bin), ct);
        await ServerUser.OwnAsync(root, ct);
        if (major is null)
            await InitialiseAsync(bin, ct);

        for (var attempt = 1; ; attempt++)
        {
            Port = options.Port ?? await ChoosePortAsync(ct);
            server = await ServerProcess.StartAsync(Path.Combine(bin, "postgres"), root, Arguments(), log);
            if (await ReadyAsync(ct))
                break;
            var lines = server.LastLines;
            // Somebody took the port between the look and the start.
            if (options.Port is null && attempt < PortAttempts && lines.Contains("Address already in use", StringComparison.Ordinal))
            {
                File.Delete(PortFile);
                continue;
            }
            throw new EmbeddedPostgresException($"PostgreSQL did not start on port {Port} with data in {Cluster}:\n{lines}");
        }
        LogStarted(log, bin, Port, root);
    }

    private async Task InitialiseAsync(string bin, CancellationToken ct)
    {
        // Made aside and renamed, so that an interrupted attempt leaves nothing that looks like a cluster.
        var fresh = Cluster + ".new";
        if (Directory.Exists(fresh))
            Directory.Delete(fresh, recursive: true);
        List<string> arguments =
        [
            "-D", fresh, "-U", User, "-E", "UTF8", "--locale=C", "--no-instructions",
        ];
        if (options.Durable)
        {
            var create = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            await using (var file = new FileStream(PasswordFile, create))
            {
                await file.WriteAsync(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24))), ct);
            }
            await ServerUser.OwnAsync(PasswordFile, ct);
            arguments.AddRange(["--auth=scram-sha-256", "--pwfile=" + PasswordFile]);
        }
        else
            arguments.AddRange(["--auth=trust", "--no-sync"]);
        var (exit, output) = await Command.RunAsync(Path.Combine(bin, "initdb"), arguments, root, ct, asServerUser: true);
        if (exit != 0)
            throw new EmbeddedPostgresException($"initdb in {bin} failed for {Cluster}:\n{output}");
        Directory.Move(fresh, Cluster);
    }

    private string[] Arguments()
    {
        Dictionary<string, string> settings = new()
        {
            ["listen_addresses"] = "127.0.0.1",
            ["unix_socket_directories"] = "",
            ["wal_level"] = "logical",
            ["shared_buffers"] = "64MB",
            ["max_connections"] = "200",
        };
        if (!options.Durable)
        {
            settings["fsync"] = "off";
            settings["synchronous_commit"] = "off";
            settings["full_page_writes"] = "off";
        }
        foreach (var (name, value) in options.Settings)
            settings[name] = value;
        return
        [
            "-D", Cluster, "-p", Port.ToString(CultureInfo.InvariantCulture),
            .. settings.SelectMany(s => new[] { "-c", $"{s.Key}={s.Value}" }),
        ];
    }

    private async Task<bool> ReadyAsync(CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        while (!server!.HasExited && Stopwatch.GetElapsedTime(started) < StartTimeout)
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
        Port = port;
        var settings = Settings("postgres");
        settings.Pooling = false;
        settings.Timeout = 2;
        settings.CommandTimeout = 2;
        try
        {
            await using var connection = new NpgsqlConnection(settings.ConnectionString);
            await connection.OpenAsync(ct);
            await using var command = new NpgsqlCommand("show data_directory", connection);
            return Equals(await command.ExecuteScalarAsync(ct), Cluster);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or SocketException)
        {
            return false;
        }
    }

    private async Task<int> ChoosePortAsync(CancellationToken ct)
    {
        if (File.Exists(PortFile)
            && int.TryParse(await File.ReadAllTextAsync(PortFile, ct), CultureInfo.InvariantCulture, out var kept)
            && TryBind(kept) is not null)
            return kept;
        var port = TryBind(0)!.Value;
        await File.WriteAllTextAsync(PortFile, port.ToString(CultureInfo.InvariantCulture), ct);
        return port;
    }

    private static int? TryBind(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    // Binaries below a closed directory, typically an npm package in a work tree below /root, are copied next to the data.
    private async Task<string> ReachableBinAsync(string bin, CancellationToken ct)
    {
        if (ServerUser.Barrier(Path.Combine(bin, "postgres")) is not { } barrier)
            return bin;
        var native = Path.GetDirectoryName(bin)!;
        var copy = Path.Combine(root, "postgres");
        LogCopied(log, native, ServerUser.Name, barrier, copy);
        if (Directory.Exists(copy))
            Directory.Delete(copy, recursive: true);
        var (exit, output) = await Command.RunAsync("cp", ["-a", native, copy], null, ct);
        return exit == 0
            ? Path.Combine(copy, Path.GetFileName(bin))
            : throw new EmbeddedPostgresException($"The binaries in {native} cannot be copied to {copy}: {output}");
    }

    private (int ProcessId, int Port)? ReadPidFile()
    {
        try
        {
            var lines = File.ReadAllLines(Path.Combine(Cluster, "postmaster.pid"));
            return lines.Length >= 4
                && int.TryParse(lines[0], CultureInfo.InvariantCulture, out var processId)
                && int.TryParse(lines[3], CultureInfo.InvariantCulture, out var port)
                    ? (processId, port)
                    : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    // The id may have been given to another process since.
    private static bool IsServer(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return process.ProcessName.StartsWith("postgres", StringComparison.Ordinal);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static async Task StopAdoptedAsync(int processId)
    {
        ServerProcess.Interrupt(processId);
        var started = Stopwatch.GetTimestamp();
        while (IsServer(processId) && Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(10))
            await Task.Delay(Pause, TimeProvider.System);
    }

    [LoggerMessage(3033, LogLevel.Information, "PostgreSQL from {Bin} runs on port {Port} with data in {Directory}")]
    private static partial void LogStarted(ILogger logger, string bin, int port, string directory);

    [LoggerMessage(3034, LogLevel.Information, "Took over the PostgreSQL server that a killed process left in {Directory}, port {Port}")]
    private static partial void LogAdopted(ILogger logger, string directory, int port);

    [LoggerMessage(3035, LogLevel.Information, "Using the PostgreSQL server that another process runs in {Directory}, port {Port}")]
    private static partial void LogJoined(ILogger logger, string directory, int port);

    [LoggerMessage(3036, LogLevel.Warning, "Data directory {Wanted}: user {User} may not enter {Barrier}; using {Fallback} instead")]
    private static partial void LogFallback(ILogger logger, string wanted, string user, string barrier, string fallback);

    [LoggerMessage(3037, LogLevel.Information, "Binaries in {Native}: user {User} may not enter {Barrier}; copied to {Copy}")]
    private static partial void LogCopied(ILogger logger, string native, string user, string barrier, string copy);
}
