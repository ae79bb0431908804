using System.Diagnostics;

namespace Firezone.Storage.Postgres.Batching;

/// <summary>
/// Asks for many callers at once: who comes while enough statements are under way shares the next one, and an idle one asks at once. What
/// anybody is answered was read after it was asked for.
/// </summary>
/// <typeparam name="TQuestion">What one caller asks.</typeparam>
/// <typeparam name="TAnswer">What it is answered.</typeparam>
/// <param name="name">For traces.</param>
/// <param name="limit">After this a statement is given up, so that one that hangs does not hold up others for long.</param>
/// <param name="read">Reads the answers to several questions, in their order.</param>
/// <remarks>Safe for concurrent callers.</remarks>
internal sealed class SharedReads<TQuestion, TAnswer>(
    string name, TimeSpan limit, Func<IReadOnlyList<TQuestion>, CancellationToken, Task<TAnswer[]>> read)
{
    /// <summary>Statements under way. A second one, so that one that is slow does not keep all others waiting.</summary>
    internal const int MaxUnderWay = 2;

    /// <summary>Questions per statement.</summary>
    internal const int MaxBatch = 256;

    private readonly Lock _lock = new();
    private readonly Queue<Waiting> _waiting = [];
    private int _underWay;

    /// <summary>The answer to one question.</summary>
    /// <param name="question">The question.</param>
    /// <param name="ct">Gives up waiting; the statement goes on for the others.</param>
    /// <exception cref="Npgsql.NpgsqlException">The database did not answer.</exception>
    public Task<TAnswer> AskAsync(TQuestion question, CancellationToken ct)
    {
        var waiting = new Waiting(question);
        var answer = waiting.Task.WaitAsync(ct);
        lock (_lock)
        {
            _waiting.Enqueue(waiting);
            if (_underWay == MaxUnderWay)
                return answer;
            _underWay++;
        }

        // Not on the scheduler of a grain: one that goes away would take everybody's answer with it.
        _ = TaskScheduler.Current == TaskScheduler.Default ? RunAsync() : Task.Run(RunAsync, CancellationToken.None);
        return answer;
    }

    private async Task RunAsync()
    {
        // Whoever comes first is not the cause of all that is read.
        Activity.Current = null;
        while (Take() is { } batch)
            await AnswerAsync(batch);
    }

    private Waiting[]? Take()
    {
        lock (_lock)
        {
            if (_waiting.Count == 0)
            {
                _underWay--;
                return null;
            }

            var batch = new Waiting[Math.Min(_waiting.Count, MaxBatch)];
            for (var i = 0; i < batch.Length; i++)
                batch[i] = _waiting.Dequeue();
            return batch;
        }
    }

    private async Task AnswerAsync(Waiting[] batch)
    {
        using var span = BatchTrace.Begin($"read {name}", batch.Select(static waiting => waiting.Cause));
        try
        {
            using var stop = new CancellationTokenSource(limit, TimeProvider.System);
            var answers = await read(Array.ConvertAll(batch, static waiting => waiting.Question), stop.Token);
            for (var i = 0; i < batch.Length; i++)
                batch[i].TrySetResult(answers[i]);
        }
        catch (Exception e) when (batch.Length > 1 && WriteFaults.Classify(e) != WriteFault.Unavailable)
        {
            // One of the questions may be to blame.
            foreach (var waiting in batch)
                await AnswerAsync([waiting]);
        }
        catch (Exception e)
        {
            foreach (var waiting in batch)
            {
                if (waiting.TrySetException(e))
                    _ = waiting.Task.Exception; // seen, in case nobody waits any more
            }
        }
    }

    private sealed class Waiting(TQuestion question) : TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public TQuestion Question { get; } = question;

        public Activity? Cause { get; } = Activity.Current;
    }
}
