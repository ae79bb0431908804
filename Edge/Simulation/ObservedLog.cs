namespace Firezone.Edge.Simulation;

/// <summary>What has been observed so far, in order, and a way to wait for what has not. Grows without bound; thread-safe.</summary>
/// <typeparam name="T">What is observed.</typeparam>
public sealed class ObservedLog<T>
{
    private readonly Lock _gate = new();
    private readonly List<T> _entries = [];
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>How much has been observed; a position to wait from.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _entries.Count;
        }
    }

    /// <summary>Adds an entry and wakes those who wait.</summary>
    public void Add(T entry)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _entries.Add(entry);
            changed = _changed;
            _changed = NewSignal();
        }

        changed.SetResult();
    }

    /// <summary>The first entry at or after <paramref name="from"/> that fits, as soon as there is one.</summary>
    /// <exception cref="OperationCanceledException">There was none in time.</exception>
    public async Task<T> FirstAsync(Predicate<T> fits, int from, CancellationToken ct)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                var index = _entries.FindIndex(Math.Min(from, _entries.Count), fits);
                if (index >= 0)
                    return _entries[index];
                from = Math.Max(from, _entries.Count);
                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(ct);
            }
            catch (OperationCanceledException) when (changed.IsCompleted)
            {
                // It came in time; only nobody has looked yet.
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
