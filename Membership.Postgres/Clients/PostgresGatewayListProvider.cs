using Firezone.Membership.Postgres.Signals;
using Firezone.Membership.Postgres.Table;
using Firezone.Membership.Postgres.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Messaging;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Clients;

/// <summary>
/// The silo list of an external client, pushed. Orleans only ever asks for it, so a question is held until the list has changed: Orleans is
/// told to ask again at once, and thereby learns of a change within milliseconds at one pending call per process. While PostgreSQL is away
/// the last list stands.
/// </summary>
public sealed partial class PostgresGatewayListProvider : IGatewayListProvider, ILifecycleParticipant<IClusterClientLifecycle>, IAsyncDisposable
{
    // Without any signal the table is read this often: the limit for what a swallowed notification can cost.
    private static readonly TimeSpan Backstop = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ReadRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RollCallLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongStaleness = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan DisposeLimit = TimeSpan.FromSeconds(3);

    // Longer than Orleans takes from the answer to its use.
    private static readonly TimeSpan MarksVoid = TimeSpan.FromSeconds(1);

    private readonly PostgresMembershipTable _table;
    private readonly SignalSession _session;
    private readonly SignalSender _sender;
    private readonly TimeProvider _time;
    private readonly ILogger<PostgresGatewayListProvider> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly GatewayView _view;
    private TaskCompletionSource _changed = NewSignal();
    private TaskCompletionSource _wakeReader = NewSignal();
    private Task _reading = Task.CompletedTask;
    private bool _asked;
    private bool _parked;
    private bool _readFailed;
    private bool _ending;
    private int _disposed;
    private long _marksVoidSince;

    internal PostgresGatewayListProvider(
        MembershipDatabase database,
        PostgresMembershipTable table,
        SignalSender sender,
        OpenGateways open,
        MembershipMetrics metrics,
        IOptions<PostgresMembershipOptions> options,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        _table = table;
        _sender = sender;
        _session = new SignalSession(database, null, new Handler(this), time, metrics, loggers.CreateLogger<SignalSession>());
        _time = time;
        _logger = loggers.CreateLogger<PostgresGatewayListProvider>();
        _view = new GatewayView(options.Value.Region, open.Contains);
    }

    /// <summary>
    /// How long Orleans avoids a silo that it found dead or that asked for no more work. Long, because the list is never stale; but a silo
    /// started again at the same address must be used at once, so for the hand-out that brings such a silo all marks are void.
    /// </summary>
    public TimeSpan MaxStaleness =>
        Interlocked.Read(ref _marksVoidSince) is var since and not 0 && _time.GetElapsedTime(since) < MarksVoid ? TimeSpan.Zero : LongStaleness;

    /// <summary>Whether signals arrive at present.</summary>
    internal bool Listens => _session.IsUp;

    /// <inheritdoc/>
    public bool IsUpdatable => true;

    /// <summary>Starts listening, then reads the table. Fails when the table cannot be read: a client without a list has nothing to go on.</summary>
    public async Task InitializeGatewayListProviderAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        await _session.StartAsync(either.Token);
        await ReadAsync(either.Token);
        _reading = Task.Run(() => ReadLoopAsync(_stopping.Token), CancellationToken.None);
    }

    /// <summary>The first call, and one made while another is pending, returns at once; otherwise when the list has changed.</summary>
    public async Task<IList<Uri>> GetGatewaysAsync(CancellationToken cancellationToken)
    {
        Task changed;
        bool park;
        lock (_gate)
        {
            park = !_ending && !_parked && !_view.HasChanged && _view.Version >= 0 && _asked;
            _parked |= park;
            changed = _changed.Task;
        }

        if (park)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
            await changed.WaitAsync(Backstop, _time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lock (_gate)
                _parked = false;
        }

        lock (_gate)
        {
            _asked = true;
            var gateways = _view.HandOut(out var reborn);
            if (reborn)
                Interlocked.Exchange(ref _marksVoidSince, _time.GetTimestamp());
            return [.. gateways.Select(ToUri)];
        }
    }

    /// <inheritdoc/>
    public Task InitializeGatewayListProvider() => InitializeGatewayListProviderAsync(CancellationToken.None);

    /// <inheritdoc/>
    public Task<IList<Uri>> GetGateways() => GetGatewaysAsync(CancellationToken.None);

    /// <summary>Ends the LISTEN session and any pending question.</summary>
    public async ValueTask DisposeAsync()
    {
        // The container holds it under two services and disposes it for each.
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        // Not awaited: cancelling a statement makes Npgsql connect again to say so, which an unreachable server can draw out.
        _ = _stopping.CancelAsync();
        await _reading.WaitAsync(DisposeLimit, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _session.DisposeAsync();
    }

    /// <summary>A pending question is answered when the client begins to stop: Orleans waits for the answer.</summary>
    void ILifecycleParticipant<IClusterClientLifecycle>.Participate(IClusterClientLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(PostgresGatewayListProvider), ServiceLifecycleStage.Active, _ => Task.CompletedTask, _ =>
        {
            lock (_gate)
            {
                _ending = true;
                _changed.TrySetResult();
            }

            return Task.CompletedTask;
        });

    private async Task ReadLoopAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            Task wake;
            lock (_gate)
                wake = _wakeReader.Task;
            await wake.WaitAsync(_readFailed ? ReadRetry : Backstop, _time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lock (_gate)
                _wakeReader = wake.IsCompleted ? NewSignal() : _wakeReader;
            if (stopping.IsCancellationRequested)
                return;
            try
            {
                await ReadAsync(stopping);
                if (_readFailed)
                    ReadsAgain();
                _readFailed = false;
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                if (!_readFailed)
                    CannotRead(e);
                _readFailed = true;
            }
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var list = await _table.ReadGatewaysAsync(cancellationToken);
        lock (_gate)
        {
            _view.Read(list);
            WakeIfChanged();
        }
    }

    /// <summary>Under the gate.</summary>
    private void WakeIfChanged()
    {
        if (!_view.HasChanged)
            return;
        _changed.TrySetResult();
        _changed = NewSignal();
    }

    private static Uri ToUri(SiloAddress gateway) => new($"gwy.tcp://{gateway.Endpoint}/{gateway.Generation}");

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Handler(PostgresGatewayListProvider owner) : ISignalHandler
    {
        public void OnUp(bool holdsLock)
        {
            Wake();
            // Regions are known from heartbeats only.
            _ = owner._sender.TrySendAsync(new Signal.RollCall(), RollCallLimit, owner._stopping.Token);
        }

        public void OnDown()
        {
        }

        public void OnSignal(Signal signal)
        {
            lock (owner._gate)
            {
                switch (signal)
                {
                    case Signal.TableChanged changed when changed.Version > owner._view.Version:
                        owner._wakeReader.TrySetResult();
                        break;
                    case Signal.Goodbye goodbye:
                        owner._view.SaidGoodbye(goodbye.Silo);
                        owner.WakeIfChanged();
                        break;
                    case Signal.Heartbeat heartbeat:
                        owner._view.Heard(heartbeat.Silo, heartbeat.Region);
                        owner.WakeIfChanged();
                        break;
                }
            }
        }

        private void Wake()
        {
            lock (owner._gate)
                owner._wakeReader.TrySetResult();
        }
    }

    [LoggerMessage(EventId = 7301, Level = LogLevel.Warning,
        Message = "The list of silos cannot be read; the last one stays in use")]
    private partial void CannotRead(Exception e);

    [LoggerMessage(EventId = 7302, Level = LogLevel.Information, Message = "The list of silos can be read again")]
    private partial void ReadsAgain();
}
