using System.Diagnostics;

namespace Firezone.Membership.Node.Running;

/// <summary>Calls echo grains from several callers at once until told to stop. One load at a time.</summary>
internal sealed class Load(IGrainFactory grains, NodeOptions options)
{
    private CancellationTokenSource? _stop;
    private LoadWorker[] _workers = [];
    private Task _running = Task.CompletedTask;
    private long _started;

    /// <param name="concurrency">Number of callers.</param>
    /// <param name="ids">Number of grains, each called at random.</param>
    /// <param name="pause">After each call.</param>
    /// <exception cref="InvalidOperationException">One is under way.</exception>
    public void Start(int concurrency, int ids, TimeSpan pause)
    {
        if (_stop is not null)
            throw new InvalidOperationException("A load is under way.");
        _stop = new CancellationTokenSource();
        _started = Stopwatch.GetTimestamp();
        _workers = [.. Enumerable.Range(0, concurrency).Select(_ => new LoadWorker(grains, options, ids, pause))];
        var stop = _stop.Token;
        _running = Task.WhenAll(_workers.Select(worker => Task.Run(() => worker.RunAsync(stop), CancellationToken.None)));
    }

    /// <summary>Waits for the calls that are under way.</summary>
    /// <returns>Null if there is no load.</returns>
    public async Task<LoadOutcome?> StopAsync()
    {
        if (Interlocked.Exchange(ref _stop, null) is not { } stop)
            return null;
        await stop.CancelAsync();
        var seconds = Stopwatch.GetElapsedTime(_started).TotalSeconds;
        await _running;
        stop.Dispose();

        float[] times = [.. _workers.SelectMany(worker => worker.Milliseconds).Order()];
        return new LoadOutcome(
            times.Length,
            _workers.Sum(worker => worker.Failed),
            _workers.Sum(worker => worker.FailedAfterRetry),
            Quantile(times, 0.5),
            Quantile(times, 0.99),
            Quantile(times, 1),
            seconds,
            _workers.SelectMany(worker => worker.Errors).GroupBy(e => e.Key, e => e.Value).ToDictionary(g => g.Key, g => g.Sum()));
    }

    private static double Quantile(float[] sorted, double share) =>
        sorted.Length == 0 ? 0 : Math.Round(sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))], 3);
}
