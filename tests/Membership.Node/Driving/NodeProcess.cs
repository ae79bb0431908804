using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Firezone.Membership.Node.Running;

namespace Firezone.Membership.Node.Driving;

/// <summary>A node as a process of its own, and what it has said. Killed when disposed.</summary>
public sealed class NodeProcess : IAsyncDisposable
{
    private const int KeptErrors = 40;
    private const int LongestError = 400;
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly EventLog _log = new();
    private readonly Queue<string> _errors = new();
    private readonly Task _reading;
    private readonly TextWriter? _file;
    private bool _disposed;

    private NodeProcess(NodeLaunch launch, Process process)
    {
        Launch = launch;
        _process = process;
        StartedAt = Now();
        _file = NodeLogs.Open($"{launch.Role}-{process.Id}");
        _reading = Task.WhenAll(ReadEventsAsync(), ReadErrorsAsync());
    }

    public NodeLaunch Launch { get; }

    /// <summary>When the process was started, in microseconds since 1970.</summary>
    public long StartedAt { get; }

    public int Id => _process.Id;

    public bool HasExited => _disposed || _process.HasExited;

    /// <summary>Everything that it said so far.</summary>
    public IReadOnlyList<NodeEvent> Events => _log.All;

    /// <summary><c>address:port@generation</c> of a silo, once it has said so.</summary>
    public string Silo => Ready?.Text("silo") ?? throw new InvalidOperationException("Not a silo, or not ready yet.");

    /// <summary><c>address:port</c> of a silo's Orleans gateway, once it has said so.</summary>
    public string Gateway => Ready?.Text("gateway") ?? throw new InvalidOperationException("Not a silo, or not ready yet.");

    /// <summary>The silo's latest view.</summary>
    public ClusterView View => Events.LastOrDefault(said => said.Name == "view") is { } last ? ClusterView.From(last) : ClusterView.Empty;

    /// <summary>All views in the order in which the silo had them.</summary>
    public IReadOnlyList<ClusterView> Views => [.. Events.Where(said => said.Name == "view").Select(ClusterView.From)];

    /// <summary>The end of its log.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
                return string.Join('\n', _errors);
        }
    }

    private NodeEvent? Ready => Events.FirstOrDefault(said => said.Name == "ready");

    /// <summary>The clock that times of events can be compared with, in microseconds since 1970.</summary>
    public static long Now() => EventWriter.Now();

    public static NodeProcess Start(NodeLaunch launch)
    {
        ArgumentNullException.ThrowIfNull(launch);
        var start = NodeCommand.Create(launch);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        return new NodeProcess(launch, Process.Start(start)!);
    }

    /// <summary>Waits for an event, which may have been said already.</summary>
    public Task<NodeEvent> WaitAsync(string name, TimeSpan timeout) => WaitAsync(name, _ => true, 0, timeout);

    /// <summary>Waits until the silo is active, or the client connected, and has seen so itself.</summary>
    /// <returns>When it was, in microseconds since 1970.</returns>
    public async Task<long> ActiveAsync(TimeSpan timeout)
    {
        var active = await WaitAsync("active", timeout);
        if (Launch.Role != "silo")
            return active.Time;
        var seen = await WhenViewAsync(view => view.IsActive(Silo), 0, timeout);
        return Math.Min(seen, active.Time);
    }

    /// <summary>The time from which on, not before <paramref name="since"/>, the silo's view was as asked for.</summary>
    public Task<long> WhenViewAsync(Func<ClusterView, bool> match, long since, TimeSpan timeout) =>
        WhenAsync("view", said => match(ClusterView.From(said)), since, timeout);

    /// <summary>The time from which on, not before <paramref name="since"/>, the client's list of Orleans gateways was as asked for.</summary>
    public Task<long> WhenGatewaysAsync(Func<IReadOnlyList<string>, bool> match, long since, TimeSpan timeout) =>
        WhenAsync("gateways", said => match([.. said.Data.GetProperty("live").EnumerateArray().Select(gateway => gateway.GetString()!)]), since, timeout);

    /// <summary>Starts to call grains; see the node's commands.</summary>
    public Task StartLoadAsync(int concurrency, int grains, int pauseMilliseconds = 0) =>
        SendAsync(string.Create(CultureInfo.InvariantCulture, $"load start {concurrency} {grains} {pauseMilliseconds}"));

    /// <summary>Ends the calls and says what became of them.</summary>
    public async Task<LoadOutcome> StopLoadAsync()
    {
        var earlier = Events.Count(e => e.Name == "load");
        await SendAsync("load stop");
        var said = await WaitAsync("load", _ => Events.Count(e => e.Name == "load") > earlier, long.MaxValue, TimeSpan.FromSeconds(60));
        return said.Data.Deserialize<LoadOutcome>(JsonSerializerOptions.Web)!;
    }

    public async Task SendAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync();
    }

    /// <returns>When the signal was about to be sent, in microseconds since 1970.</returns>
    public long Signal(NodeSignal signal)
    {
        var now = Now();
        if (!HasExited)
            signal.Send(_process.Id);
        return now;
    }

    /// <returns>The exit code; 128 + the number of a signal that ended it.</returns>
    /// <exception cref="TimeoutException">It still runs.</exception>
    public async Task<int> ExitAsync(TimeSpan timeout)
    {
        using var late = new CancellationTokenSource(timeout, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException(Describe($"the end within {timeout.TotalSeconds:0.#} s"));
        }

        await _reading; // what it said last is there too
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        Signal(NodeSignal.Kill);
        await ExitAsync(ExitTimeout);
        _disposed = true;
        _file?.Dispose();
        _process.Dispose();
    }

    private async Task<long> WhenAsync(string name, Func<NodeEvent, bool> match, long since, TimeSpan timeout) =>
        Math.Max(since, (await WaitAsync(name, match, since, timeout)).Time);

    private async Task<NodeEvent> WaitAsync(string name, Func<NodeEvent, bool> match, long since, TimeSpan timeout)
    {
        try
        {
            return await _log.WaitAsync(name, match, since, timeout);
        }
        catch (TimeoutException)
        {
            throw new NodeFailedException(Describe($"a certain '{name}' within {timeout.TotalSeconds:0.#} s"));
        }
        catch (NodeFailedException e)
        {
            throw new NodeFailedException(Describe($"a certain '{name}'; {e.Message}"));
        }
    }

    private string Describe(string expected)
    {
        var last = Events.TakeLast(6).Select(said => $"  {said.Time} {said.Name} {said.Data}");
        return $"{Launch.Role} {Launch.Provider} {Launch.Address}:{Launch.SiloPort} (process {_process.Id}) was to show {expected}. "
            + $"It said last:\n{string.Join('\n', last)}\nIts log:\n{Errors}";
    }

    private async Task ReadEventsAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _file?.WriteLine(line);
            try
            {
                _log.Add(NodeEvent.Parse(line));
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                Keep("not an event: " + line);
            }
        }

        await _process.WaitForExitAsync();
        _log.End(string.Create(CultureInfo.InvariantCulture, $"it ended with {_process.ExitCode}"));
    }

    private async Task ReadErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            _file?.WriteLine(line);
            Keep(line);
        }
    }

    private void Keep(string line)
    {
        lock (_errors)
        {
            _errors.Enqueue(line.Length > LongestError ? line[..LongestError] + "…" : line);
            if (_errors.Count > KeptErrors)
                _errors.Dequeue();
        }
    }
}
