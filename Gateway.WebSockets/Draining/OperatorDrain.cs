using Firezone.Gateway.WebSockets.Health;
using Firezone.Gateway.WebSockets.Options;
using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Grains.Abstractions.Operations;
using Microsoft.Extensions.Options;

namespace Firezone.Gateway.WebSockets.Draining;

/// <summary>
/// Takes the process out of service without stopping it, as an operator wants it: not ready, new sockets refused, open ones closed as at a
/// stop. It keeps its lease, and can be taken back into service at any time before it stops. Thread-safe; returns at once.
/// </summary>
internal sealed partial class OperatorDrain(
    Readiness readiness,
    SessionRegistry sessions,
    SocketCloser closer,
    IOptions<FrontEndOptions> options,
    TimeProvider time,
    ILogger<OperatorDrain> logger)
{
    // Seconds.
    private const int Longest = 3600;

    private readonly Lock _gate = new();
    private Run? _run;

    /// <summary>Begins, or goes on at another pace. Without effect when the process stops.</summary>
    internal DrainState Begin(DrainOrder order)
    {
        lock (_gate)
        {
            if (readiness.State is FrontEndState.Draining)
                return Describe();
            readiness.Hold(on: true);
            var count = sessions.Count;
            var over = order.Over
                ?? (order.PerSecond is { } pace ? TimeSpan.FromSeconds(Math.Min(count / pace, Longest)) : DrainTime.Of(count, options.Value));
            var now = time.GetUtcNow();
            _run?.Cancel();
            // Whoever only changes the pace does not begin anew.
            _run = new Run(_run?.AtStart ?? count, _run?.Since ?? now, now + over, order.By);
            Begins(count, over.TotalSeconds, order.By);
            _ = CloseAsync(over, _run.Cancelled);
            return Describe();
        }
    }

    /// <summary>Back into service. Without effect when the process stops or is in service.</summary>
    internal DrainState Resume(string by)
    {
        lock (_gate)
        {
            if (_run is not null && readiness.State is not FrontEndState.Draining)
            {
                _run.Cancel();
                _run = null;
                readiness.Hold(on: false);
                Ends(by);
            }

            return Describe();
        }
    }

    /// <summary>The process stops: what was begun here is left to that.</summary>
    internal void GiveUp()
    {
        lock (_gate)
            _run?.Cancel();
    }

    /// <summary>How far it is.</summary>
    internal DrainState Describe()
    {
        lock (_gate)
        {
            var left = sessions.Count;
            var phase = readiness.State switch
            {
                FrontEndState.Draining => DrainPhase.Stopping,
                FrontEndState.Held => left == 0 ? DrainPhase.Drained : DrainPhase.Draining,
                FrontEndState.Ready => DrainPhase.Serving,
                _ => DrainPhase.Starting,
            };
            return _run is { } run ? new DrainState(phase, left, run.AtStart, run.Since, run.Until, run.By) : new DrainState(phase, left);
        }
    }

    private async Task CloseAsync(TimeSpan over, CancellationToken cancelled)
    {
        // The caller holds the lock.
        await Task.Yield();
        await closer.CloseAllAsync(over, cancelled);
        await closer.EndAllAsync(CancellationToken.None, cancelled);
        if (!cancelled.IsCancellationRequested)
            Done();
    }

    [LoggerMessage(EventId = 1133, Level = LogLevel.Information,
        Message = "Out of service, as {By} wants it: draining {Sessions} sockets in {Seconds:0.0} s")]
    private partial void Begins(int sessions, double seconds, string by);

    [LoggerMessage(EventId = 1134, Level = LogLevel.Information, Message = "Drained; waiting for the stop, or to be taken back into service")]
    private partial void Done();

    [LoggerMessage(EventId = 1135, Level = LogLevel.Information, Message = "Back in service, as {By} wants it")]
    private partial void Ends(string by);

    private sealed class Run(int atStart, DateTimeOffset since, DateTimeOffset until, string by)
    {
        private readonly CancellationTokenSource _cancel = new();

        public int AtStart => atStart;

        public DateTimeOffset Since => since;

        public DateTimeOffset Until => until;

        public string By => by;

        public CancellationToken Cancelled => _cancel.Token;

        public void Cancel() => _cancel.Cancel();
    }
}
