using System.Diagnostics;

namespace Firezone.Grains.Tests.Model;

/// <summary>
/// How long something has taken while this process ran. It ticks by itself, so that a call that takes long counts in full; if the ticks stay
/// away, the machine stood still, and with it the silos, which run in this process too.
/// </summary>
internal sealed class WatchedSpan : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxPause = 10 * Tick;

    private readonly PeriodicTimer _timer = new(Tick, TimeProvider.System);
    private readonly Task _ticking;
    private long _elapsed;

    public WatchedSpan() => _ticking = TickAsync();

    /// <summary>As of the last tick.</summary>
    public TimeSpan Elapsed => new(Interlocked.Read(ref _elapsed));

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _ticking;
    }

    private async Task TickAsync()
    {
        var pause = Stopwatch.StartNew();
        while (await _timer.WaitForNextTickAsync())
        {
            Interlocked.Add(ref _elapsed, (pause.Elapsed < MaxPause ? pause.Elapsed : MaxPause).Ticks);
            pause.Restart();
        }
    }
}
