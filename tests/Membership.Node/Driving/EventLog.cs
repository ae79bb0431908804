namespace Firezone.Membership.Node.Driving;

/// <summary>The events of a node in the order in which it said them, and those who wait for one. Safe for use from several threads.</summary>
internal sealed class EventLog
{
    private readonly Lock _gate = new();
    private readonly List<NodeEvent> _events = [];
    private readonly List<(Func<NodeEvent, bool> Match, TaskCompletionSource<NodeEvent> Found)> _waiting = [];
    private string? _end;

    public IReadOnlyList<NodeEvent> All
    {
        get
        {
            lock (_gate)
                return [.. _events];
        }
    }

    public void Add(NodeEvent said)
    {
        List<TaskCompletionSource<NodeEvent>> found = [];
        lock (_gate)
        {
            _events.Add(said);
            for (var i = _waiting.Count - 1; i >= 0; i--)
            {
                if (!_waiting[i].Match(said))
                    continue;
                found.Add(_waiting[i].Found);
                _waiting.RemoveAt(i);
            }
        }

        foreach (var waiter in found)
            waiter.TrySetResult(said);
    }

    /// <summary>No event will come any more.</summary>
    public void End(string why)
    {
        (Func<NodeEvent, bool> Match, TaskCompletionSource<NodeEvent> Found)[] left;
        lock (_gate)
        {
            _end = why;
            left = [.. _waiting];
            _waiting.Clear();
        }

        foreach (var waiter in left)
            waiter.Found.TrySetException(new NodeFailedException(why));
    }

    /// <summary>
    /// The first event from <paramref name="since"/> on with that name that matches, also one that was said already. The last one before
    /// that time counts too: it tells how things were then.
    /// </summary>
    /// <exception cref="TimeoutException">There was none in time.</exception>
    /// <exception cref="NodeFailedException">The node ended before.</exception>
    public async Task<NodeEvent> WaitAsync(string name, Func<NodeEvent, bool> match, long since, TimeSpan timeout)
    {
        var found = new TaskCompletionSource<NodeEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool Matches(NodeEvent said) => said.Name == name && match(said);
        lock (_gate)
        {
            var first = Math.Max(0, _events.FindLastIndex(said => said.Name == name && said.Time < since));
            if (_events.Skip(first).FirstOrDefault(Matches) is { } said)
                return said;
            if (_end is not null)
                throw new NodeFailedException(_end);
            // One that was said before and is still on its way counts as well, or it would be missed.
            _waiting.Add((Matches, found));
        }

        try
        {
            return await found.Task.WaitAsync(timeout);
        }
        finally
        {
            lock (_gate)
                _waiting.RemoveAll(waiter => waiter.Found == found);
        }
    }
}
