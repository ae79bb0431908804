using System.Diagnostics;
using System.Net;

namespace Firezone.Bench.Load;

/// <summary>
/// All devices of a benchmark on one thread. Each method plays one phase and returns when it is over; a closed loop keeps a fixed number
/// of operations under way. Use from one thread.
/// </summary>
internal sealed class Fleet(IPEndPoint server) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Portals end clients after 307 s of silence, gateways after 37 s, relays after 41 s.
    private static readonly TimeSpan ClientSilence = TimeSpan.FromSeconds(200);
    private static readonly TimeSpan OtherSilence = TimeSpan.FromSeconds(15);
    private readonly Epoll _epoll = new();
    private readonly List<LoadSocket> _sockets = [];
    private readonly List<int> _ready = [];
    private readonly byte[] _buffer = new byte[1 << 20];
    private readonly Dictionary<string, int> _errors = [];
    private Latencies _latencies = new();
    private Action? _next;
    private long _progress;
    private long _keptAlive;
    private int _completed;
    private int _connects;

    /// <summary>Connects devices and waits until each has its <c>init</c>.</summary>
    public PhaseOutcome Connect(IReadOnlyList<Identity> identities, int concurrency, List<LoadSocket> connected) =>
        Play(identities.Count, concurrency, number =>
        {
            var socket = new LoadSocket(identities[number], this);
            _sockets.Add(socket);
            connected.Add(socket);
            socket.Connect(server, Identity.Source(_connects++), _sockets.Count - 1, _epoll);
        });

    /// <summary>Heartbeats, one after the other on each socket in turn.</summary>
    public PhaseOutcome Heartbeats(IReadOnlyList<LoadSocket> sockets, int count, int concurrency) =>
        PlayInTurn(sockets, count, concurrency, (socket, _) => socket.Heartbeat());

    /// <summary>Flows of clients in turn, for resources in turn.</summary>
    public PhaseOutcome Flows(IReadOnlyList<LoadSocket> clients, IReadOnlyList<string> resources, int count, int concurrency) =>
        PlayInTurn(clients, count, concurrency, (socket, number) => socket.CreateFlow(resources[number % resources.Count]));

    /// <summary>Reads what comes and sends nothing.</summary>
    public void Rest(TimeSpan time)
    {
        var end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() < end)
            Pump(50);
    }

    /// <summary>Closes sockets with a Close frame.</summary>
    public void Close(IEnumerable<LoadSocket> sockets)
    {
        foreach (var socket in sockets)
            socket.Close();
    }

    public void Dispose()
    {
        Close(_sockets);
        _epoll.Dispose();
    }

    internal void Completed(LoadSocket socket, string? error)
    {
        _completed++;
        _progress = Stopwatch.GetTimestamp();
        if (error is null)
            _latencies.Add(Stopwatch.GetElapsedTime(socket.Since));
        else
            CountError(error);
        _next?.Invoke();
    }

    /// <summary>A socket ended that waited for nothing; it shows up in the outcome of the phase under way, or of the next.</summary>
    internal void Lost(LoadSocket socket, string error) => CountError($"an idle {socket.Identity.Role} lost its socket: {error}");

    private PhaseOutcome PlayInTurn(IReadOnlyList<LoadSocket> sockets, int count, int concurrency, Action<LoadSocket, int> start)
    {
        var turn = 0;
        return Play(count, Math.Min(concurrency, sockets.Count), number =>
        {
            // One operation per device at a time, as with real ones; somebody is always free below the number of sockets.
            for (var tries = 0; tries < sockets.Count; tries++)
            {
                var socket = sockets[turn++ % sockets.Count];
                if (!socket.IsOpen || socket.Waiting != Operation.None)
                    continue;
                start(socket, number);
                return;
            }

            throw new LoadException("No socket is left to make load with.");
        });
    }

    private PhaseOutcome Play(int count, int concurrency, Action<int> start)
    {
        _latencies = new Latencies();
        _completed = 0;
        _progress = Stopwatch.GetTimestamp();
        var begin = _progress;
        var started = 0;
        var due = Math.Min(count, concurrency);

        // Started here and not from inside the read loop, so that a completion cannot recurse.
        _next = () => due = Math.Min(count, due + 1);
        while (_completed < count)
        {
            while (started < due)
                start(started++);
            Pump(100);
            if (Stopwatch.GetElapsedTime(_progress) > Patience)
                throw new LoadException(
                    $"Nothing happened for {Patience.TotalSeconds:0} s after {_completed} of {count} operations. {Errors()}");
            if (_errors.Values.Sum() > count / 20 + 5)
                throw new LoadException($"Too many operations failed. {Errors()}");
        }

        _next = null;
        var outcome = new PhaseOutcome(count, Stopwatch.GetElapsedTime(begin), _latencies, Errors());
        _errors.Clear();
        return outcome;
    }

    private void Pump(int milliseconds)
    {
        KeepAlive();
        _ready.Clear();
        _epoll.Wait(milliseconds, _ready);
        foreach (var tag in _ready)
            _sockets[tag].OnReadable(_buffer);
    }

    private void KeepAlive()
    {
        if (Stopwatch.GetElapsedTime(_keptAlive) < TimeSpan.FromSeconds(1))
            return;
        _keptAlive = Stopwatch.GetTimestamp();
        foreach (var socket in _sockets)
        {
            if (Stopwatch.GetElapsedTime(socket.LastSent) > (socket.Identity.Role == "client" ? ClientSilence : OtherSilence))
                socket.KeepAlive();
        }
    }

    private void CountError(string error) => _errors[error] = _errors.GetValueOrDefault(error) + 1;

    private string Errors() => string.Join("; ", _errors.Take(5).Select(pair => $"{pair.Value} x {pair.Key}"));
}
