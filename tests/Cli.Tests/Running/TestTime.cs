namespace Firezone.Cli.Tests.Running;

/// <summary>
/// A clock that stands still. Timers of less than a limit fire at once and are noted; others fire when the test says so.
/// </summary>
internal sealed class TestTime(TimeSpan? limit = null) : TimeProvider
{
    private readonly TimeSpan _limit = limit ?? TimeSpan.FromSeconds(45);
    private readonly Lock _lock = new();
    private readonly List<TimeSpan> _waits = [];
    private readonly List<TestTimer> _armed = [];

    public static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The waits that were made short.</summary>
    public IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (_lock)
                return [.. _waits];
        }
    }

    public override DateTimeOffset GetUtcNow() => Now;

    /// <summary>Lets the long timers run out.</summary>
    public void RunOut()
    {
        List<TestTimer> due;
        lock (_lock)
        {
            due = [.. _armed];
            _armed.Clear();
        }

        due.ForEach(timer => timer.Fire());
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new TestTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class TestTimer(TestTime time, TimerCallback callback, object? state) : ITimer
    {
        public void Fire() => ThreadPool.QueueUserWorkItem(_ => callback(state));

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                time._armed.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                if (dueTime >= time._limit)
                {
                    time._armed.Add(this);
                    return true;
                }

                time._waits.Add(dueTime);
            }

            Fire();
            return true;
        }

        public void Dispose()
        {
            lock (time._lock)
                time._armed.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
