using Firezone.Membership.Postgres.Placement;
using Firezone.Membership.Postgres.Signals;
using Microsoft.Extensions.Options;

namespace Firezone.Membership.Postgres.Hosting;

/// <summary>
/// Says that this silo is there, on a timer of its own that waits for nothing else in the process, and at once when asked.
/// </summary>
internal sealed class HeartbeatLoop(
    SignalSender sender, SiloId self, DrainedSilos drained, IOptions<PostgresMembershipOptions> options, TimeProvider time) : IAsyncDisposable
{
    // A roll call reaches every silo at the same moment; the answers are spread and at most one is given per second.
    private static readonly TimeSpan AnswerSpread = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AnswerPause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private Task _loop = Task.CompletedTask;
    private TaskCompletionSource<TimeSpan> _asked = NewQuestion();
    private volatile bool _holdsLock;
    private long _lastAnswer;
    private bool _answering;

    internal void Start()
    {
        drained.SelfChanged += SayNow;
        _loop = Task.Run(() => RunAsync(_stopping.Token));
    }

    /// <summary>What heartbeats say from now on; the next is sent at once.</summary>
    internal void SessionIsUp(bool holdsLock)
    {
        _holdsLock = holdsLock;
        Ask(TimeSpan.Zero);
    }

    internal void SessionIsDown() => _holdsLock = false;

    /// <summary>Answers a roll call.</summary>
    internal void Answer()
    {
        var delay = AnswerSpread * Random.Shared.NextDouble();
        lock (_gate)
        {
            // Whoever asks within the pause is answered at its end: it knows nothing of the answer that was given before.
            if (_lastAnswer != 0 && AnswerPause - time.GetElapsedTime(_lastAnswer) is { Ticks: > 0 } rest)
                delay += rest;
            else
                _lastAnswer = time.GetTimestamp();
            if (_answering)
                return;
            _answering = true;
        }

        Ask(delay);
    }

    /// <summary>No heartbeat is sent after this.</summary>
    public async ValueTask DisposeAsync()
    {
        drained.SelfChanged -= SayNow;
        await _stopping.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void SayNow() => Ask(TimeSpan.Zero);

    private void Ask(TimeSpan delay)
    {
        lock (_gate)
            _asked.TrySetResult(delay);
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        var interval = options.Value.HeartbeatInterval;
        var drains = false;
        while (!stopping.IsCancellationRequested)
        {
            Task<TimeSpan> asked;
            lock (_gate)
            {
                if (_asked.Task.IsCompleted)
                    _asked = NewQuestion();
                _answering = false;
                asked = _asked.Task;
            }

            // One that does not get through in time is made good by the next, not sent late.
            await sender.TrySendAsync(new Signal.Heartbeat(self, _holdsLock, options.Value.Region), interval, stopping);
            // The last one says that it is over.
            if (drains | drained.Self)
                await sender.TrySendAsync(new Signal.Drains(self, drains = drained.Self), interval, stopping);
            await ((Task)asked).WaitAsync(interval, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (asked.IsCompletedSuccessfully)
                await Task.Delay(await asked, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static TaskCompletionSource<TimeSpan> NewQuestion() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
