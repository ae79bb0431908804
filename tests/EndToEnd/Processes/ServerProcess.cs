using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Firezone.Shared;

namespace Firezone.EndToEnd.Processes;

/// <summary>One of our programs as a process of its own, on ports of its own. Ended by its id, with what it printed kept for failures.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private ServerProcess(Process process) => _process = process;

    public string Output => string.Join('\n', _output);

    public int Id => _process.Id;

    public int ExitCode => _process.ExitCode;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts a program of this solution, built in the configuration that the tests were built in.</summary>
    public static ServerProcess Start(string project, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Run(["dotnet", Repository.Program(project), .. arguments], environment);

    /// <summary>Runs any command that becomes one of our programs.</summary>
    public static ServerProcess Run(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (key, value) in environment)
            start.Environment[key] = value;
        var server = new ServerProcess(Process.Start(start)!);
        server._process.OutputDataReceived += (_, e) => server.Keep(e.Data);
        server._process.ErrorDataReceived += (_, e) => server.Keep(e.Data);
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Waits until the readiness address answers 200.</summary>
    public async Task ReadyAsync(string url)
    {
        using var http = new HttpClient();
        // Generous: a machine that builds at the same time starts programs slowly.
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (true)
        {
            if (_process.HasExited)
                await _process.WaitForExitAsync(); // Returns when its output is complete.
            if (_process.HasExited)
                throw new InvalidOperationException($"The program ended with code {_process.ExitCode} before it was ready:\n{Output}");
            try
            {
                using var response = await http.GetAsync(url, limit.Token);
                if (response.StatusCode == HttpStatusCode.OK)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"{url} did not answer 200 within 3 min:\n{Output}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    /// <summary>Waits for a line of the program's output.</summary>
    public Task<string> LineAsync(Func<string, bool> matches) => LinesAsync(matches, 1);

    /// <summary>Waits for so many lines of the program's output, and returns the last of them.</summary>
    public async Task<string> LinesAsync(Func<string, bool> matches, int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            if (_output.Where(matches).Skip(count - 1).FirstOrDefault() is { } line)
                return line;
            if (_process.HasExited)
                await _process.WaitForExitAsync(); // Returns when its output is complete.
            if (_process.HasExited || limit.IsCancellationRequested)
                throw new InvalidOperationException($"The expected line did not come:\n{Output}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    /// <summary>Sends a signal by name, as an operator would.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits for the end.</summary>
    public async Task<int> ExitAsync(TimeSpan limit)
    {
        using var stop = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(stop.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The program was still running after {limit}:\n{Output}");
        }

        return _process.ExitCode;
    }

    /// <summary>Ends it without a word.</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal("TERM");
            try
            {
                await ExitAsync(TimeSpan.FromSeconds(20));
            }
            catch (TimeoutException)
            {
                _process.Kill();
                await _process.WaitForExitAsync();
            }
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
            _output.Enqueue(line);
    }
}
