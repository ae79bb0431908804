using System.Globalization;
using Firezone.EndToEnd.Processes;

namespace Firezone.EndToEnd.Storms;

/// <summary>A program that is started again at the same place after it has ended.</summary>
internal sealed class Node(string project, int port, Dictionary<string, string> environment) : IAsyncDisposable
{
    // The drain, what follows it, and a machine with other work.
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);

    private ServerProcess? _process;

    /// <summary>Where it answers HTTP.</summary>
    public int Port => port;

    public string Output => _process!.Output;

    public async Task StartAsync()
    {
        _process = ServerProcess.Start(project, environment);
        await _process.ReadyAsync($"http://127.0.0.1:{port}/readyz");
    }

    public async Task KillAsync()
    {
        _process!.Signal("KILL");
        await _process.ExitAsync(StopLimit);
    }

    /// <summary>Stops it as an orchestrator does, and starts another one when it has ended.</summary>
    public async Task RestartAsync()
    {
        _process!.Signal("TERM");
        Assert.Equal(0, await _process.ExitAsync(StopLimit));
        await _process.DisposeAsync();
        await StartAsync();
    }

    /// <summary>Resident memory now and at most, in MiB.</summary>
    public (int Now, int Most) Memory()
    {
        var status = File.ReadAllLines($"/proc/{_process!.Id}/status");
        int Field(string name) => int.Parse(
            status.Single(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
            CultureInfo.InvariantCulture) / 1024;
        return (Field("VmRSS:"), Field("VmHWM:"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
    }
}
