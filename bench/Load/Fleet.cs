using System.Diagnostics;
using System.Net;
using System.Text;

namespace Firezone.Bench.Load;

/// <summary>
/// All devices of a load on one thread, on Linux. Each method plays one phase and returns when it is over. Use from one thread; progress is
/// told on it too.
/// </summary>
/// <param name="target">Where to.</param>
/// <param name="resources">What flows are asked for, in turn.</param>
/// <param name="ct">Ends a phase at once, with an <see cref="OperationCanceledException"/>.</param>
public sealed class Fleet(Target target, IReadOnlyList<string> resources, CancellationToken ct = default) : IDeviceDriver, IDisposable
{
    private const int MostAttempts = 6;

    // Portals end clients after 307 s of silence, gateways after 37 s, relays after 41 s.
    private static readonly TimeSpan ClientInterval = TimeSpan.FromSeconds(200);
    private static readonly TimeSpan OtherInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(2);
    private readonly Epoll _epoll = new();
    private readonly SocketAddress _server = target.EndPoint.Serialize();
    private readonly SocketAddress _source = new IPEndPoint(IPAddress.Loopback, 0).Serialize();
    private readonly byte[][] _flows = [.. resources.Select(Messages.CreateFlow)];
    private readonly List<Device> _devices = [];
    private readonly Rota _clients = new(ClientInterval);
    private readonly Rota _others = new(OtherInterval);
    private readonly PriorityQueue<Device, long> _refused = new();
    private readonly byte[] _buffer = GC.AllocateArray<byte>(1 << 18, pinned: true);
    private readonly byte[] _scratch = GC.AllocateArray<byte>(1 << 16, pinned: true);
    private Outcome _outcome = new();
    private long _begun;
    private long _begin;
    private long _lastEvent;
    private long _told;
    private byte[] _awaited = [];
    private long _pushSince;
    private int _round;
    private int _connects;

    /// <summary>Where the load goes.</summary>
    public Target Target => target;

    /// <summary>Told a few times per second how far the present phase has got.</summary>
    public Action<LoadProgress>? Progress { get; set; }

    /// <summary>How often every client sends a heartbeat besides what else it does.</summary>
    public TimeSpan HeartbeatInterval
    {
        get => _clients.Interval;
        set => _clients.Interval = value;
    }

    /// <summary>The size of the last <c>init</c> that a client got.</summary>
    public int InitBytes { get; private set; }

    Span<byte> IDeviceDriver.Scratch => _scratch;

    /// <summary>A device that is not connected yet.</summary>
    public Device Add(Identity identity)
    {
        var device = new Device(identity, _devices.Count, target, this);
        (identity.Role == Role.Client ? _clients : _others).Add(device);
        _devices.Add(device);
        return device;
    }

    /// <summary>Connects devices and waits until each has its <c>init</c>.</summary>
    public Outcome Connect(IReadOnlyList<Device> devices, Pace pace)
    {
        var next = 0;
        return Play(devices, pace, Extent.Of(devices.Count), since =>
        {
            var device = devices[next++];
            device.Attempts = 0;
            device.Begin(Operation.Connect, since);
            Connect(device);
            return true;
        });
    }

    /// <summary>Heartbeats of devices in turn.</summary>
    public Outcome Heartbeats(IReadOnlyList<Device> devices, Pace pace, Extent extent) =>
        PlayInTurn(devices, pace, extent, Operation.Heartbeat, _ => Messages.Heartbeat);

    /// <summary>Flows of clients in turn, for resources in turn.</summary>
    public Outcome Flows(IReadOnlyList<Device> clients, Pace pace, Extent extent) =>
        PlayInTurn(clients, pace, extent, Operation.Flow, number => _flows[number % _flows.Length]);

    /// <summary>Makes a change and waits until every device was told of it.</summary>
    /// <param name="devices">Who is to be told.</param>
    /// <param name="eventName">What they are told.</param>
    /// <param name="change">The change; runs on another thread.</param>
    public Outcome Push(IReadOnlyList<Device> devices, string eventName, Func<Task> change)
    {
        _awaited = Encoding.ASCII.GetBytes(eventName);
        _round++;
        var changing = Task.CompletedTask;
        var told = devices.Where(device => device.IsReady).ToList();
        var outcome = Play(told, Pace.Closed(int.MaxValue), Extent.Of(told.Count), since =>
        {
            if (changing == Task.CompletedTask)
                changing = Task.Run(change, ct);
            _pushSince = _pushSince == 0 ? since : _pushSince;
            return true;
        });
        _awaited = [];
        _pushSince = 0;
        while (!changing.IsCompleted)
            Pump(1);
        return changing.Exception is { } e
            ? throw new LoadException($"The change could not be made: {e.InnerException!.Message}")
            : outcome;
    }

    /// <summary>Reads what comes and sends nothing but heartbeats.</summary>
    public Outcome Rest(TimeSpan time)
    {
        Begin();
        while (Stopwatch.GetElapsedTime(_begin) < time)
            Pump(20);
        return Finish(Stopwatch.GetTimestamp());
    }

    /// <summary>Sends a Close frame on every socket at once and waits for the server's.</summary>
    public Outcome Close(IReadOnlyList<Device> devices)
    {
        var open = devices.Where(device => device.IsReady).ToList();
        var next = 0;
        return Play(open, Pace.Closed(int.MaxValue), Extent.Of(open.Count), since =>
        {
            open[next].Begin(Operation.Close, since);
            open[next++].Send(ClientFrame.Close);
            return true;
        });
    }

    /// <summary>What had come of a phase by the moment of its cancellation.</summary>
    public Outcome Unfinished() => Finish(Stopwatch.GetTimestamp());

    /// <summary>Closes all sockets, with a Close frame but without waiting for anything.</summary>
    public void Dispose()
    {
        foreach (var device in _devices)
        {
            if (device.IsReady)
                device.Send(ClientFrame.Close);
            device.Drop();
        }

        _epoll.Dispose();
    }

    void IDeviceDriver.OnInit(Device device, int bytes)
    {
        if (device.Identity.Role == Role.Client)
            InitBytes = bytes;
    }

    void IDeviceDriver.OnCompleted(Device device, string? error)
    {
        _lastEvent = Stopwatch.GetTimestamp();
        if (error is null)
        {
            _outcome.Succeeded++;
            _outcome.Latencies.Add(Stopwatch.GetElapsedTime(device.Since, _lastEvent));
        }
        else
        {
            _outcome.Failed++;
            _outcome.Failures.Add(error);
        }
    }

    void IDeviceDriver.OnBeat(Device device, TimeSpan latency) => _outcome.Heartbeats.Add(latency);

    // It shows up in the outcome of the phase under way, or of the next.
    void IDeviceDriver.OnLost(Device device, string error)
    {
        _outcome.Failures.Add($"an idle {device.Identity.Word} lost its socket: {error}");
        if (_awaited.Length > 0 && device.Round != _round)
            _outcome.Failed++;
    }

    void IDeviceDriver.OnPush(Device device, ReadOnlySpan<byte> eventName)
    {
        if (_awaited.Length == 0 || device.Round == _round || !eventName.SequenceEqual(_awaited))
            return;
        device.Round = _round;
        _lastEvent = Stopwatch.GetTimestamp();
        _outcome.Succeeded++;
        _outcome.Latencies.Add(Stopwatch.GetElapsedTime(_pushSince, _lastEvent));
    }

    bool IDeviceDriver.OnRefused(Device device, Refusal refusal)
    {
        _outcome.Refusals.Add(refusal.ToString());
        if (refusal.RetryAfter is not { } pause || ++device.Attempts >= MostAttempts)
            return false;
        _refused.Enqueue(device, Stopwatch.GetTimestamp() + (long)(pause.TotalSeconds * Stopwatch.Frequency));
        return true;
    }

    private Outcome PlayInTurn(IReadOnlyList<Device> devices, Pace pace, Extent extent, Operation operation, Func<int, byte[]> frame)
    {
        var turn = -1;
        var number = 0;
        return Play(devices, pace, extent, since =>
        {
            for (var tries = 0; tries < devices.Count; tries++)
            {
                turn = turn + 1 == devices.Count ? 0 : turn + 1;
                var device = devices[turn];
                if (!device.IsFree)
                    continue;
                device.Begin(operation, since);
                device.Send(frame(number = (number + 1) & int.MaxValue));
                return true;
            }

            return false;
        });
    }

    /// <summary>Begins operations until the extent is reached, then waits for those under way, within reason.</summary>
    /// <param name="devices">Those that take part.</param>
    /// <param name="pace">How to begin.</param>
    /// <param name="extent">How long.</param>
    /// <param name="start">Begins an operation that counts from the given moment; false if no device is free.</param>
    private Outcome Play(IReadOnlyList<Device> devices, Pace pace, Extent extent, Func<long, bool> start)
    {
        Begin();
        while (true)
        {
            var more = _begun < extent.Count && Stopwatch.GetElapsedTime(_begin) < extent.Time;
            if (more && pace.PerSecond > 0)
                StartDue(pace.PerSecond, extent.Count, start);
            else if (more)
                more = StartFree(pace.UnderWay, extent.Count, start) || _outcome.Ended < _begun;
            if (!more && _outcome.Ended >= _begun)
                return Finish(_lastEvent);
            if (_refused.Count == 0 && Stopwatch.GetElapsedTime(_lastEvent) > Patience)
                return Abandon(devices);
            Pump(pace.PerSecond > 0 && more ? 1 : 20);
        }
    }

    /// <summary>False if nothing could be begun though there was room.</summary>
    private bool StartFree(int underWay, long count, Func<long, bool> start)
    {
        while (_begun < count && _begun - _outcome.Ended < underWay)
        {
            if (!start(Stopwatch.GetTimestamp()))
                return false;
            _begun++;
        }

        return true;
    }

    private void StartDue(double perSecond, long count, Func<long, bool> start)
    {
        var due = Math.Min(count, (long)(Stopwatch.GetElapsedTime(_begin).TotalSeconds * perSecond) + 1);
        while (_begun + _outcome.Skipped < due)
        {
            // An operation that is begun late counts from when it was due, or a server that stalls would look better than it is.
            var scheduled = _begin + (long)((_begun + _outcome.Skipped) / perSecond * Stopwatch.Frequency);
            var now = Stopwatch.GetTimestamp();
            _lastEvent = now;
            if (start(Stopwatch.GetElapsedTime(scheduled, now) > Late ? scheduled : now))
                _begun++;
            else
                _outcome.Skipped++;
        }
    }

    private void Begin()
    {
        _outcome = new Outcome();
        _begun = 0;
        _begin = _lastEvent = Stopwatch.GetTimestamp();
    }

    private Outcome Finish(long end)
    {
        Progress?.Invoke(new LoadProgress(_begun, _outcome.Succeeded, _outcome.Failed, Stopwatch.GetElapsedTime(_begin)));
        _outcome.Elapsed = Stopwatch.GetElapsedTime(_begin, end);
        var outcome = _outcome;
        _outcome = new Outcome();
        return outcome;
    }

    private Outcome Abandon(IReadOnlyList<Device> devices)
    {
        var missing = (int)(_begun - _outcome.Ended);
        _outcome.Failed += missing;
        _outcome.Failures.Add($"no answer within {Patience.TotalSeconds} s", missing);
        foreach (var device in devices)
            device.Abandon();
        return Finish(_lastEvent);
    }

    private void Connect(Device device)
    {
        if (target.HasManySources)
        {
            // An address of its own for every connect.
            var bytes = _source.Buffer.Span;
            bytes[5] = (byte)(1 + (_connects >> 16) % 250);
            bytes[6] = (byte)(_connects >> 8);
            bytes[7] = (byte)(1 + (_connects & 0xFF) % 254);
            _connects++;
        }

        device.Connect(_server, target.HasManySources ? _source : null, _epoll);
    }

    private void Pump(int milliseconds)
    {
        ct.ThrowIfCancellationRequested();
        var now = Stopwatch.GetTimestamp();
        _clients.Send(now);
        _others.Send(now);
        while (_refused.TryPeek(out var again, out var due) && due <= now)
        {
            _lastEvent = now;
            Connect(_refused.Dequeue());
        }

        if (Progress is not null && Stopwatch.GetElapsedTime(_told, now) > TimeSpan.FromMilliseconds(200))
        {
            _told = now;
            Progress(new LoadProgress(_begun, _outcome.Succeeded, _outcome.Failed, Stopwatch.GetElapsedTime(_begin, now)));
        }

        var ready = _epoll.Wait(milliseconds);
        for (var i = 0; i < ready; i++)
        {
            var (tag, canSend, canReceive, ended) = _epoll.Read(i);
            if (canSend)
                _devices[tag].OnWritable();
            if (canReceive)
                _devices[tag].OnReadable(_buffer, ended);
        }
    }
}
