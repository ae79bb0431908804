using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Firezone.Edge.PortalClient.Effects;
using Firezone.Edge.PortalClient.Inputs;
using Firezone.Edge.PortalClient.Outgoing;
using Firezone.Edge.PortalClient.PortalEvents;
using Firezone.Edge.PortalClient.Retry;
using Firezone.Edge.PortalClient.States;
using Firezone.Edge.PortalClient.Transport;
using Microsoft.Extensions.Logging;

namespace Firezone.Edge.PortalClient;

/// <summary>
/// A device's channel to the portal: connects, joins, keeps itself alive, reconnects, until its owner cancels it or an error ends it.
/// A thin driver: <see cref="ChannelMachine"/> decides, this class owns the timer and the sockets. Thread-safe.
/// </summary>
public sealed partial class PortalChannel : IConnectionOwner
{
    // Pushes the owner has not read yet; beyond this the socket is not read either, and TCP slows the portal down.
    private const int MaxUnread = 256;

    private readonly Lock _gate = new();
    private readonly PortalChannelOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ChannelMachine _machine;
    private readonly HashSet<Task> _running = [];
    private readonly Channel<PortalEvent> _events = Channel.CreateUnbounded<PortalEvent>();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _start;
    private Dialer? _dialer;
    private ITimer? _timer;
    private Connection? _connection;
    private TaskCompletionSource? _room;
    private string? _publicKey;
    private int _unread;

    /// <summary>Makes a channel that does nothing before <see cref="RunAsync"/>.</summary>
    public PortalChannel(PortalChannelOptions options, TimeProvider time, ILogger<PortalChannel> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _options = options;
        _time = time;
        _logger = logger;
        _publicKey = options.PublicKey;
        _start = time.GetTimestamp();
        var retry = options.Retry ?? new RetrySettings { PartitionLimit = options.Role.DefaultPartitionLimit() };
        _machine = new ChannelMachine(
            options.Role.Topic(),
            JoinPayload(options.StampSecret),
            options.Timings,
            new RetrySchedule(retry, options.Jitter.NextDouble));
    }

    /// <summary>Tasks of sockets that have not ended yet.</summary>
    internal int RunningTasks => Running().Length;

    private TimeSpan Now => _time.GetElapsedTime(_start);

    /// <summary>
    /// Runs the channel, once. Returns the error that ended it, or null after <paramref name="ct"/> was cancelled and the socket was
    /// closed with a Close frame.
    /// </summary>
    public async Task<PortalFatal?> RunAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            if (_dialer is not null)
                throw new InvalidOperationException("A portal channel runs only once.");
            _dialer = new Dialer(_options, _time);
            _timer = _time.CreateTimer(_ => Report(new TimeElapsed()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        try
        {
            await using (_timer)
            {
                Report(new ConnectRequested());
                await using (ct.UnsafeRegister(_ => Report(new CloseRequested()), null))
                    await _ended.Task;
                await Task.WhenAll(Running());
            }

            return (_machine.State as Closed)?.Cause;
        }
        finally
        {
            _events.Writer.TryComplete();
        }
    }

    /// <summary>
    /// The channel's events in order, for one reader; ends after the channel has. A reader that stops reading stops the reading from
    /// the socket as well.
    /// </summary>
    public async IAsyncEnumerable<PortalEvent> ReadEventsAsync([EnumeratorCancellation] CancellationToken ct = default)
    {
        await foreach (var portalEvent in _events.Reader.ReadAllAsync(ct))
        {
            yield return portalEvent;
            lock (_gate)
            {
                if (--_unread < MaxUnread)
                {
                    _room?.SetResult();
                    _room = null;
                }
            }
        }
    }

    /// <summary>Hands a message to the channel; see <see cref="SendOutcome"/> for what becomes of it.</summary>
    /// <param name="eventName">The event's name.</param>
    /// <param name="payload">The payload's JSON text, UTF-8; must not change afterwards.</param>
    public SendOutcome TrySend(string eventName, ReadOnlyMemory<byte> payload)
    {
        lock (_gate)
        {
            var effects = new List<ChannelEffect>();
            var outcome = _machine.Send(Now, eventName, payload, effects);
            Apply(effects);
            if (outcome == SendOutcome.DroppedOlder)
                LogQueueDropped(_options.Role, ChannelMachine.QueueCapacity);
            return outcome;
        }
    }

    /// <summary>
    /// Abandons the present socket and connects anew, at once: after a change of network, or for want of relays. Does nothing before
    /// <see cref="RunAsync"/> and after its end.
    /// </summary>
    /// <param name="newPublicKey">The key to present from now on; null keeps the present one.</param>
    public void Reconnect(string? newPublicKey = null)
    {
        lock (_gate)
        {
            _publicKey = newPublicKey ?? _publicKey;
            if (_machine.State is not Closed)
                Report(new ConnectRequested());
        }
    }

    /// <inheritdoc/>
    void IConnectionOwner.Report(ChannelInput input) => Report(input);

    /// <inheritdoc/>
    void IConnectionOwner.Unreadable(string why) => LogUnreadable(_options.Role, why);

    /// <inheritdoc/>
    Task IConnectionOwner.HasRoomAsync()
    {
        lock (_gate)
        {
            if (_unread < MaxUnread)
                return Task.CompletedTask;
            return (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private void Report(ChannelInput input)
    {
        lock (_gate)
        {
            var effects = new List<ChannelEffect>();
            _machine.Step(Now, input, effects);
            Apply(effects);
            if (_machine.State is Closed)
                _ended.TrySetResult();
        }
    }

    /// <summary>Carries out effects under the lock; nothing here runs foreign code or waits.</summary>
    private void Apply(List<ChannelEffect> effects)
    {
        // First of all, so that whoever observes an effect may rely on the timer.
        SetTimer();
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case OpenSocket open:
                    _connection = new Connection(open.Attempt, _dialer!, this, _time);
                    Track(_connection.RunAsync(_publicKey));
                    break;
                case WriteFrame write when _connection?.Attempt == write.Attempt:
                    Track(_connection.WriteAsync(write.Frame));
                    break;
                case ReleaseSocket release when _connection?.Attempt == release.Attempt:
                    Track(_connection.ReleaseAsync(release.Politely));
                    _connection = null;
                    break;
                case PublishEvent publish:
                    Publish(publish.Event);
                    break;
                case SkipFrame skip:
                    LogSkipped(_options.Role, skip.Event, skip.Why);
                    break;
            }
        }
    }

    private void SetTimer()
    {
        if (_machine.Deadline is not { } deadline)
        {
            _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        // Timers count whole milliseconds; one that is too early by a fraction would run in circles.
        var due = Math.Ceiling(Math.Max(0, (deadline - Now).TotalMilliseconds));
        _timer?.Change(TimeSpan.FromMilliseconds(due), Timeout.InfiniteTimeSpan);
    }

    private void Publish(PortalEvent portalEvent)
    {
        _unread++;
        _events.Writer.TryWrite(portalEvent);
        switch (portalEvent)
        {
            case PortalJoined joined:
                LogJoined(_options.Role, joined.Attempt);
                break;
            case PortalHiccup hiccup:
                LogHiccup(_options.Role, hiccup.Error, hiccup.Delay);
                break;
            case PortalFatal fatal:
                LogFatal(_options.Role, fatal.Reason, fatal.Detail);
                break;
        }
    }

    private void Track(Task task)
    {
        _running.Add(task);
        task.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private void Forget(Task task)
    {
        lock (_gate)
            _running.Remove(task);
    }

    private Task[] Running()
    {
        lock (_gate)
            return [.. _running];
    }

    private static ReadOnlyMemory<byte> JoinPayload(string? stampSecret)
    {
        if (stampSecret is null)
            return "null"u8.ToArray();
        return JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["stamp_secret"] = stampSecret });
    }
}
