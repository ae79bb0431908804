namespace Firezone.Gateway.WebSockets.Telemetry;

/// <summary>Counts by the second, for a minute. Thread-safe; allocates nothing.</summary>
internal sealed class RecentCounter(TimeProvider time)
{
    private const int Seconds = 60;
    private const int Short = 10;

    private readonly Lock _lock = new();
    private readonly long[] _counts = new long[Seconds];
    private readonly long _started = time.GetTimestamp();
    private long _second;

    internal void Add()
    {
        lock (_lock)
            _counts[Advance()]++;
    }

    /// <summary>How often in the last sixty seconds, and per second over the last ten whole ones.</summary>
    internal (long LastMinute, double PerSecond) Read()
    {
        lock (_lock)
        {
            var now = Advance();
            var (all, late) = (0L, 0L);
            for (var age = 0; age < Seconds; age++)
            {
                var count = _counts[(now - age + Seconds) % Seconds];
                all += count;
                if (age is >= 1 and <= Short)
                    late += count;
            }

            // Until there are ten whole seconds, over those that there are.
            return (all, late / (double)Math.Clamp(_second, 1, Short));
        }
    }

    private int Advance()
    {
        var second = (long)time.GetElapsedTime(_started).TotalSeconds;
        for (var skipped = Math.Max(_second + 1, second - Seconds + 1); skipped <= second; skipped++)
            _counts[skipped % Seconds] = 0;
        _second = Math.Max(_second, second);
        return (int)(_second % Seconds);
    }
}
