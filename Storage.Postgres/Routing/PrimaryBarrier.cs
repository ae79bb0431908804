namespace Firezone.Storage.Postgres.Routing;

/// <summary>
/// Tells many at once how far the primary is. Whoever asks gets an answer to a question that was put after; all who ask while one is
/// under way, or too soon after it, share the next.
/// </summary>
/// <param name="ask">Asks the primary; must end by itself.</param>
/// <param name="pace">From one question to the next, at least.</param>
/// <param name="time">For the pace.</param>
internal sealed class PrimaryBarrier(Func<Task<PrimaryPosition>> ask, TimeSpan pace, TimeProvider time)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource<PrimaryPosition>? _next;
    private bool _running;
    private long? _asked;

    /// <summary>The primary's position, as of this call or later.</summary>
    /// <param name="ct">Gives up waiting; the question goes on for the others.</param>
    /// <exception cref="Npgsql.NpgsqlException">The primary did not answer.</exception>
    public Task<PrimaryPosition> PassAsync(CancellationToken ct)
    {
        lock (_lock)
        {
            _next ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            var answer = _next.Task;
            if (!_running)
            {
                _running = true;
                // On its own: the caller may be a grain, and the scheduler of a grain that goes away would take everybody's answer with it.
                using (ExecutionContext.SuppressFlow())
                    _ = Task.Run(RunAsync, CancellationToken.None);
            }
            return answer.WaitAsync(ct);
        }
    }

    private async Task RunAsync()
    {
        while (true)
        {
            if (_asked is { } asked && pace - time.GetElapsedTime(asked) is var rest && rest > TimeSpan.Zero)
                await Task.Delay(rest, time);
            TaskCompletionSource<PrimaryPosition> round;
            lock (_lock)
            {
                round = _next!;
                _next = null;
            }
            _asked = time.GetTimestamp();
            try
            {
                round.SetResult(await ask());
            }
            catch (Exception e)
            {
                round.SetException(e);
                _ = round.Task.Exception; // seen, even if everybody has given up
            }
            lock (_lock)
            {
                if (_next is not null)
                    continue;
                _running = false;
                return;
            }
        }
    }
}
