using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Shared;

/// <summary>Tells when somebody begins to wait for it, so that it is moved on no sooner and no further than that takes.</summary>
/// <param name="start">What it shows at first.</param>
public sealed class WatchedTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

    /// <summary>Starts at the instant of <see cref="FakeTimeProvider()"/>.</summary>
    public WatchedTime()
        : this(new FakeTimeProvider().Start)
    {
    }

    /// <summary>Ends with the next timer that is made, or has been since the last call, and gives what that was set to.</summary>
    /// <exception cref="OperationCanceledException">Nobody has waited for 30 s of real time.</exception>
    public async Task<TimeSpan> WaitedAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _waits.Reader.ReadAsync(limit.Token);
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _waits.Writer.TryWrite(dueTime);
        return timer;
    }
}
