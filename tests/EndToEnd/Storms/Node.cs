using System.Globalization;
using System.Net;
using Firezone.EndToEnd.Processes;

namespace Firezone.EndToEnd.Storms;

/// <summary>A program that is started again at the same place after it has ended.</summary>
internal sealed class Node(IReadOnlyList<string> command, string host, int port, Dictionary<string, string> environment) : IAsyncDisposable
{
    // The drain, what follows it, and a machine with other work.
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);

    private ServerProcess? _process;

    /// <param name="project">Built with the tests, run on this machine.</param>
    /// <param name="port">Where it answers HTTP.</param>
    /// <param name="environment">Its settings.</param>
    public Node(string project, int port, Dictionary<string, string> environment)
        : this(["dotnet", Repository.Program(project)], "127.0.0.1", port, environment)
    {
    }

    /// <summary>Where it answers HTTP.</summary>
    public IPEndPoint Address { get; } = new(IPAddress.Parse(host), port);

    /// <summary>What is run at the next start.</summary>
    public IReadOnlyList<string> Command { get; set; } = command;

    public ServerProcess Process => _process!;

    public async Task StartAsync()
    {
        _process = ServerProcess.Run(Command, environment);
        await _process.ReadyAsync($"http://{Address}/readyz");
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
