using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Firezone.Bench.Load;

namespace Firezone.EndToEnd.Storms;

/// <summary>
/// Thousands of devices on one thread that behave as real ones do: who loses its socket connects again, after the pause that a refusal states or
/// after one that grows; some ask for flows, and ask again when one is refused.
/// </summary>
internal sealed class Crowd : IDeviceDriver, IAsyncDisposable
{
    private static readonly TimeSpan RetryFlow = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan FlowPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(10);

    private const int AtOnce = 100;
    private const byte Loopback = 127;

    private readonly Balancer _balancer;
    private readonly Epoll _epoll = new();
    private readonly SocketAddress _source = new IPEndPoint(IPAddress.Any, 0).Serialize();
    private readonly byte[][] _resources;
    private readonly List<Member> _members = [];
    private readonly List<Member> _asking = [];
    private readonly Rota _watched = new(TimeSpan.FromSeconds(1));
    private readonly Rota _clients = new(TimeSpan.FromSeconds(200));
    private readonly Rota _gateways = new(TimeSpan.FromSeconds(10));
    private readonly PriorityQueue<Action, long> _later = new();
    private readonly Queue<Member> _new = new();
    private readonly Queue<(Member Member, long Since)> _connects = new();
    private readonly Queue<(Member Member, long Since)> _flows = new();
    private readonly ConcurrentQueue<Action> _commands = new();
    private readonly List<(Func<bool> Holds, long Limit, TaskCompletionSource<long> Done)> _awaited = [];
    private readonly byte[] _buffer = GC.AllocateArray<byte>(1 << 18, pinned: true);
    private readonly byte[] _scratch = GC.AllocateArray<byte>(1 << 16, pinned: true);
    private readonly Random _random;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _stopping;
    private int _turn;
    private double _flowsPerSecond;
    private double _flowsDue;
    private long _lastLook = Stopwatch.GetTimestamp();
    private int _number;

    public Crowd(Balancer balancer, IReadOnlyList<string> resources, int seed)
    {
        _balancer = balancer;
        _resources = [.. resources.Select(Messages.CreateFlow)];
        _random = new Random(seed);
        new Thread(Run) { IsBackground = true, Name = "crowd" }.Start();
    }

    /// <summary>As of now; a new one begins with each <see cref="TakeAsync"/>.</summary>
    public Figures Figures { get; private set; } = new();

    /// <summary>Devices that have joined.</summary>
    public int Ready { get; private set; }

    /// <summary>Devices that are to be connected.</summary>
    public int Wanted { get; private set; }

    Span<byte> IDeviceDriver.Scratch => _scratch;

    /// <summary>Connects devices that have not been before, all at once.</summary>
    /// <param name="identities">Who they are.</param>
    /// <param name="frontEnd">Where they all go, always; null: where the balancer sends them.</param>
    /// <param name="watched">Each sends a heartbeat per second, which is measured.</param>
    /// <param name="asking">They ask for flows.</param>
    public Task ConnectAsync(IReadOnlyList<Identity> identities, int? frontEnd = null, bool watched = false, bool asking = false) => DoAsync(() =>
    {
        var target = new Target(new IPEndPoint(IPAddress.Loopback, 1), "127.0.0.1", "");
        foreach (var identity in identities)
        {
            var member = new Member { FrontEnd = frontEnd, Watched = watched };
            member.Device = new Device(identity, _members.Count, target, this);
            _members.Add(member);
            (watched ? _watched : identity.Role == Role.Client ? _clients : _gateways).Add(member.Device);
            if (asking)
                _asking.Add(member);
            _new.Enqueue(member);
        }

        Wanted += identities.Count;
    });

    /// <summary>Begins to ask for flows; zero ends it.</summary>
    public Task AskAsync(double perSecond) => DoAsync(() => _flowsPerSecond = perSecond);

    /// <summary>Takes the figures since the last call; heartbeats that have waited for their reply count with what they have waited.</summary>
    public async Task<Figures> TakeAsync()
    {
        Figures? taken = null;
        await DoAsync(() =>
        {
            taken = Figures;
            foreach (var member in _members.Where(member => member.Watched && member.Device.BeatSince != 0))
                taken.Heartbeats.Add(Stopwatch.GetElapsedTime(member.Device.BeatSince));
            Figures = new Figures();
        });
        return taken!;
    }

    /// <summary>Waits until something holds and returns how long it took.</summary>
    public async Task<TimeSpan> WhenAsync(Func<bool> holds, TimeSpan patience, string what)
    {
        var began = Stopwatch.GetTimestamp();
        var done = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        _commands.Enqueue(() => _awaited.Add((holds, began + (long)(patience.TotalSeconds * Stopwatch.Frequency), done)));
        await Task.WhenAny(done.Task, _ended.Task);
        await (_ended.Task.IsFaulted ? _ended.Task : Task.CompletedTask);
        return await done.Task is var end && end >= 0
            ? Stopwatch.GetElapsedTime(began, end)
            : throw new TimeoutException($"After {patience}: not {what}; {Ready} of {Wanted} are connected; {Figures}");
    }

    /// <summary>Waits until every device has joined.</summary>
    public Task<TimeSpan> WhenAllReadyAsync(TimeSpan patience) => WhenAsync(() => Ready == Wanted, patience, "all connected");

    /// <summary>Waits until no flow is under way, or about to be asked for again.</summary>
    public Task WhenNoFlowAsync(TimeSpan patience) =>
        WhenAsync(() => _asking.TrueForAll(member => member.Asked == 0 && member.Failing == 0), patience, "all flows ended");

    public async ValueTask DisposeAsync()
    {
        _commands.Enqueue(() => _stopping = true);
        await ((Task)_ended.Task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    void IDeviceDriver.OnInit(Device device, int bytes)
    {
    }

    void IDeviceDriver.OnPush(Device device, ReadOnlySpan<byte> eventName)
    {
    }

    void IDeviceDriver.OnBeat(Device device, TimeSpan latency)
    {
        if (_members[device.Tag].Watched)
            Figures.Heartbeats.Add(latency);
    }

    void IDeviceDriver.OnLost(Device device, string error) => Lost(_members[device.Tag], error);

    bool IDeviceDriver.OnRefused(Device device, Refusal refusal)
    {
        var member = _members[device.Tag];
        member.Connecting = false;
        Figures.Refusals.Add(refusal.ToString());
        member.Story.Add($"{refusal}, again after {refusal.RetryAfter?.TotalSeconds} s");
        if (refusal.Status != 503 || refusal.RetryAfter is null)
            Figures.OtherRefusals.Add(refusal.ToString());
        Later(refusal.RetryAfter ?? Pause(member), () => Connect(member));
        return true;
    }

    void IDeviceDriver.OnCompleted(Device device, string? error)
    {
        var member = _members[device.Tag];
        if (!member.Connecting && !device.IsReady)
            Lost(member, error!);
        else if (!member.Connecting)
            Answered(member, error);
        else if (error is null)
            Joined(member);
        else
            NotConnected(member, error);
    }

    private Task DoAsync(Action action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _commands.Enqueue(() =>
        {
            action();
            done.SetResult();
        });
        return Task.WhenAny(done.Task, _ended.Task).Unwrap();
    }

    private void Run()
    {
        try
        {
            while (!_stopping)
                Pump();
            _ended.SetResult();
        }
        catch (Exception e)
        {
            _ended.SetException(e);
        }
        finally
        {
            foreach (var member in _members)
                member.Device.Drop();
            _epoll.Dispose();
        }
    }

    private void Pump()
    {
        while (_commands.TryDequeue(out var command))
            command();
        var now = Stopwatch.GetTimestamp();
        _watched.Send(now);
        _clients.Send(now);
        _gateways.Send(now);
        // Between a few of them replies are taken, or heartbeats would seem slow that are not.
        for (var i = 0; i < AtOnce && _new.TryDequeue(out var member); i++)
            Connect(member);
        for (var i = 0; i < AtOnce && _later.TryPeek(out var action, out var due) && due <= now; i++)
        {
            _later.Dequeue();
            action();
        }

        GiveUp(now);
        Ask(now);
        var ready = _epoll.Wait(_new.Count > 0 ? 0 : 2);
        for (var i = 0; i < ready; i++)
        {
            var (tag, canSend, canReceive, ended) = _epoll.Read(i);
            if (canSend)
                _members[tag].Device.OnWritable();
            if (canReceive)
                _members[tag].Device.OnReadable(_buffer, ended);
        }

        CheckAwaited();
    }

    private void CheckAwaited()
    {
        var now = Stopwatch.GetTimestamp();
        for (var i = _awaited.Count - 1; i >= 0; i--)
        {
            var (holds, limit, done) = _awaited[i];
            var held = holds();
            if (!held && now < limit)
                continue;
            done.SetResult(held ? now : -1);
            _awaited.RemoveAt(i);
        }
    }

    private void Connect(Member member)
    {
        var (now, tag) = (Stopwatch.GetTimestamp(), member.Device.Tag);
        member.Connecting = true;
        var frontEnd = member.FrontEnd ?? _balancer.Next();
        member.Story.Add($"to {frontEnd}");
        member.Device.Begin(Operation.Connect, now);
        _connects.Enqueue((member, now));
        var target = _balancer[frontEnd];
        // Every device has an address of its own, on this machine.
        var bytes = _source.Buffer.Span;
        if (target[4] == Loopback)
            (bytes[4], bytes[5], bytes[6], bytes[7]) = (Loopback, (byte)(1 + tag / 62_500), (byte)(tag / 250 % 250), (byte)(1 + tag % 250));
        member.Device.Connect(target, _source, _epoll);
    }

    private void NotConnected(Member member, string error)
    {
        Figures.FailedConnects.Add(error);
        member.Story.Add(error);
        Later(Pause(member), () => Connect(member));
    }

    private void Joined(Member member)
    {
        (member.Connecting, member.Attempts) = (false, 0);
        Ready++;
        if (member.Lost != 0)
        {
            if (Stopwatch.GetElapsedTime(member.Lost) > Figures.Gaps.Longest)
                Figures.LongestGap = member.Story.ToString();
            Figures.Gaps.Add(Stopwatch.GetElapsedTime(member.Lost));
        }

        member.Lost = 0;
    }

    private void Lost(Member member, string error)
    {
        Ready--;
        Figures.Losses.Add(error);
        Figures.Interrupted += member.Asked != 0 ? 1 : 0;
        member.Asked = member.Failing = 0;
        member.Lost = Stopwatch.GetTimestamp();
        member.Story.Begin(member.Lost, error);
        Later(Pause(member), () => Connect(member));
    }

    // Half a second, and half as long again each time, up to a minute; each time give or take a half.
    private TimeSpan Pause(Member member) =>
        TimeSpan.FromSeconds(Math.Min(0.5 * Math.Pow(1.5, member.Attempts++), 60) * (0.5 + _random.NextDouble()));

    private void Later(TimeSpan pause, Action action) =>
        _later.Enqueue(action, Stopwatch.GetTimestamp() + (long)(pause.TotalSeconds * Stopwatch.Frequency));

    private void GiveUp(long now)
    {
        while (_connects.TryPeek(out var oldest) && Stopwatch.GetElapsedTime(oldest.Since, now) > ConnectPatience)
        {
            var (member, since) = _connects.Dequeue();
            if (!member.Connecting || member.Device.Since != since)
                continue;
            member.Device.Abandon();
            NotConnected(member, $"no init within {ConnectPatience.TotalSeconds:0} s");
        }

        while (_flows.TryPeek(out var oldest) && Stopwatch.GetElapsedTime(oldest.Since, now) > FlowPatience)
        {
            var (member, since) = _flows.Dequeue();
            Figures.Unanswered += member.Asked == since ? 1 : 0;
        }
    }

    private void Ask(long now)
    {
        _flowsDue = Math.Min(10, _flowsDue + _flowsPerSecond * Stopwatch.GetElapsedTime(_lastLook, now).TotalSeconds);
        _lastLook = now;
        for (var tries = 0; _flowsDue >= 1 && tries < _asking.Count; tries++)
        {
            _turn = (_turn + 1) % _asking.Count;
            if (_asking[_turn].Failing != 0 || !Ask(_asking[_turn]))
                continue;
            _flowsDue--;
        }
    }

    private bool Ask(Member member)
    {
        if (!member.Device.IsFree || member.Asked != 0)
            return false;
        var now = Stopwatch.GetTimestamp();
        member.Asked = now;
        _flows.Enqueue((member, now));
        member.Device.Begin(Operation.Flow, now);
        member.Device.Send(_resources[_number = (_number + 1) % _resources.Length]);
        return true;
    }

    private void Answered(Member member, string? error)
    {
        Figures.Flows.Add(Stopwatch.GetElapsedTime(member.Asked));
        if (error is null)
        {
            if (member.Failing != 0)
            {
                if (Stopwatch.GetElapsedTime(member.Failing) > Figures.Failing.Longest)
                    Figures.LongestFailing = member.Story.ToString();
                Figures.Failing.Add(Stopwatch.GetElapsedTime(member.Failing));
            }

            member.Failing = member.Asked = 0;
            return;
        }

        Figures.FlowFailures.Add(error);
        if (member.Failing == 0)
            member.Story.Begin(member.Failing = member.Asked, "asked");
        member.Story.Add(error);
        member.Asked = 0;
        Later(RetryFlow, () => Ask(member));
    }
}
