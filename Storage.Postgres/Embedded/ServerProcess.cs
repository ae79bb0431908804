using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Firezone.Storage.Postgres.Embedded;

/// <summary>The running server, as a child of this process.</summary>
internal sealed partial class ServerProcess
{
    private const int Sigint = 2;
    private const int Sigquit = 3;
    private const int KeptLines = 20;

    private readonly Queue<string> _lastLines = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ILogger _logger;
    private Process _process = null!;

    private ServerProcess(ILogger logger) => _logger = logger;

    public bool HasExited => _process.HasExited;

    /// <summary>Completes when the process has ended and the last line of its log was read.</summary>
    public Task Ended => _ended.Task;

    /// <summary>The end of the server's log, for messages.</summary>
    public string LastLines
    {
        get
        {
            lock (_lastLines)
                return string.Join('\n', _lastLines);
        }
    }

    /// <summary>
    /// Starts the server. Where <c>setpriv</c> exists, the kernel stops it (a fast, orderly shutdown) when this process dies, however it
    /// dies. That signal fires when the starting <em>thread</em> ends, so the thread lives as long as the server.
    /// </summary>
    public static Task<ServerProcess> StartAsync(string program, string directory, IReadOnlyList<string> arguments, ILogger logger)
    {
        var server = new ServerProcess(logger);
        var started = new TaskCompletionSource<ServerProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => server.Run(program, directory, arguments, started)) { IsBackground = true, Name = "postgres" }.Start();
        return started.Task;
    }

    /// <summary>Fast shutdown, then an immediate one, then none at all.</summary>
    public async Task StopAsync()
    {
        if (await SignalAndWaitAsync(Sigint, TimeSpan.FromSeconds(10)) || await SignalAndWaitAsync(Sigquit, TimeSpan.FromSeconds(5)))
            return;
        _process.Kill(entireProcessTree: true);
    }

    /// <summary>
    /// Whether a server with this id runs. The id may have been given to another program since, and where nobody collects orphans, a dead
    /// one keeps its id and its name.
    /// </summary>
    public static bool IsAlive(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            if (!process.ProcessName.StartsWith("postgres", StringComparison.Ordinal))
                return false;
            if (!OperatingSystem.IsLinux())
                return true;
            var status = File.ReadAllText($"/proc/{processId}/stat"); // "1234 (postgres) S 1 …"
            return !status[status.LastIndexOf(')')..].StartsWith(") Z", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException)
        {
            return false;
        }
    }

    /// <summary>Asks a server that is no child of ours to shut down fast.</summary>
    public static void Interrupt(int processId) => _ = Kill(processId, Sigint);

    private void Run(string program, string directory, IReadOnlyList<string> arguments, TaskCompletionSource<ServerProcess> started)
    {
        var setpriv = OperatingSystem.IsLinux() ? SearchPlaces.OnPath("setpriv") : null;
        var start = setpriv is null
            ? new ProcessStartInfo(program, arguments)
            : new ProcessStartInfo(setpriv, ["--pdeathsig", "INT", program, .. arguments]);
        start.WorkingDirectory = directory;
        start.RedirectStandardError = true;
        start.Environment["LC_ALL"] = "C";
        start.Environment["TZ"] = "UTC";
        ServerUser.Apply(start);
        try
        {
            _process = Process.Start(start)!;
        }
        catch (Exception e)
        {
            started.SetException(new EmbeddedPostgresException($"{program} could not be started: {e.Message}", e));
            return;
        }
        _process.ErrorDataReceived += (_, e) => Log(e.Data); // an unread pipe would stop the server
        _process.BeginErrorReadLine();
        started.SetResult(this);
        _process.WaitForExit(); // and for the end of the log
        _ended.SetResult();
    }

    private void Log(string? line)
    {
        if (line is null)
            return;
        LogServerLine(_logger, line);
        lock (_lastLines)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > KeptLines)
                _lastLines.Dequeue();
        }
    }

    private async Task<bool> SignalAndWaitAsync(int signal, TimeSpan wait)
    {
        if (_process.HasExited)
            return true;
        _ = Kill(_process.Id, signal);
        using var timeout = new CancellationTokenSource(wait, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int processId, int signal);

    [LoggerMessage(3032, LogLevel.Debug, "postgres: {Line}")]
    private static partial void LogServerLine(ILogger logger, string line);
}
