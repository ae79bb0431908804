using System.Diagnostics;
using System.Globalization;
using Firezone.Deploy.Tests.Support;
using Firezone.Shared;

namespace Firezone.Deploy.Tests.Package;

/// <summary>The packaged silo as a process, on ports of its own.</summary>
internal sealed class PackagedNode : IAsyncDisposable
{
    private static readonly HttpClient Http = new();
    private readonly Process _process;
    private readonly Stopwatch _sinceStart = Stopwatch.StartNew();
    private readonly int _health;

    private PackagedNode(Process process, int port, int health) => (_process, Port, _health) = (process, port, health);

    /// <summary>Where devices connect.</summary>
    public int Port { get; }

    public static PackagedNode Start(string program, Dictionary<string, string> settings)
    {
        var (port, health) = (ServerPort.Next(), ServerPort.Next());
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment["FrontEnd__Urls"] = $"http://127.0.0.1:{port}";
        start.Environment["FrontEnd__HealthPort"] = Text(health);
        start.Environment["Silo__Port"] = Text(ServerPort.Next());
        start.Environment["Silo__GatewayPort"] = Text(ServerPort.Next());
        start.Environment["Admin__Url"] = $"http://127.0.0.1:{ServerPort.Next()}";
        start.Environment["Operations__Url"] = "";
        foreach (var (key, value) in settings)
            start.Environment[key] = value;
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        var node = new PackagedNode(process, port, health);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return node;
    }

    /// <summary>Waits until it is ready.</summary>
    /// <returns>The time since it was started.</returns>
    public async Task<TimeSpan> ReadyAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            Assert.False(_process.HasExited, "The program ended before it was ready.");
            try
            {
                using var answer = await Http.GetAsync($"http://127.0.0.1:{_health}/readyz", limit.Token);
                if (answer.IsSuccessStatusCode)
                    return _sinceStart.Elapsed;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }

    /// <summary>As a monitor would look at it, many times.</summary>
    public async Task ScrapeAsync(int times)
    {
        for (var i = 0; i < times; i++)
            Assert.NotEmpty(await Http.GetStringAsync($"http://127.0.0.1:{_health}/metrics"));
    }

    /// <summary>What is resident of the process, without a database server that it started.</summary>
    public long Megabytes()
    {
        _process.Refresh();
        return _process.WorkingSet64 / (1024 * 1024);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using (var kill = Process.Start("kill", ["-TERM", Text(_process.Id)]))
                await kill.WaitForExitAsync();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
