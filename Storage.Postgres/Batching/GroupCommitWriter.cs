using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Firezone.Storage.Postgres.Batching;

/// <summary>
/// Collects rows of many callers and writes them together: one multi-row statement at a time, the next as soon as the previous has ended.
/// A row that the database refuses fails alone; a database that is away is waited for, for a bounded time.
/// </summary>
/// <typeparam name="T">The kind of row.</typeparam>
/// <remarks>Safe for concurrent callers. One consumer, so rows are written in the order in which they were added.</remarks>
internal sealed partial class GroupCommitWriter<T> : IAsyncDisposable
    where T : class
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LastBackoff = TimeSpan.FromSeconds(1);
    private const int MaxConflicts = 5;

    private readonly GroupCommitOptions options;
    private readonly WriteBatch<T> write;
    private readonly Func<T, Guid> key;
    private readonly Func<T, T, T>? merge;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly StorageMetrics metrics;
    private readonly Channel<Pending> queue;
    private readonly CancellationTokenSource draining = new();
    private readonly CancellationTokenSource abort = new();
    private readonly Task consumer;
    private long dropped;
    private bool available = true;
    private Exception? lastFailure;

    /// <summary>Starts the consumer.</summary>
    /// <param name="options">Bounds.</param>
    /// <param name="write">Writes a batch.</param>
    /// <param name="key">Identity of a row.</param>
    /// <param name="merge">
    /// Joins an older and a newer row of the same key that meet in one batch. Null: keys are unique and rows are never joined.
    /// </param>
    /// <param name="time">For waits.</param>
    /// <param name="logger">One line per change of state.</param>
    /// <param name="metrics">Counters.</param>
    public GroupCommitWriter(
        GroupCommitOptions options,
        WriteBatch<T> write,
        Func<T, Guid> key,
        Func<T, T, T>? merge,
        TimeProvider time,
        ILogger logger,
        StorageMetrics metrics)
    {
        this.options = options;
        this.write = write;
        this.key = key;
        this.merge = merge;
        this.time = time;
        this.logger = logger;
        this.metrics = metrics;
        queue = Channel.CreateBounded<Pending>(new BoundedChannelOptions(options.Capacity) { SingleReader = true });
        consumer = Task.Run(ConsumeAsync);
    }

    /// <summary>Rows given up without anybody being told, because nobody waited for them.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Writes a row and waits until it is committed.</summary>
    /// <param name="row">The row.</param>
    /// <param name="ct">Stops waiting; a row whose statement is not under way is then not written.</param>
    /// <exception cref="WriteRejectedException">The database refused this row.</exception>
    /// <exception cref="WriteUnavailableException">The queue is full, or the wait exceeded its bound.</exception>
    public async Task AddAsync(T row, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var pending = new Pending(row, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        if (!queue.Writer.TryWrite(pending))
            throw Unavailable("too many rows are waiting");
        try
        {
            await pending.Completion!.Task.WaitAsync(options.MaxWait, time, ct);
        }
        catch (TimeoutException)
        {
            pending.Abandon();
            throw Unavailable($"not committed within {options.MaxWait}");
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            pending.Abandon();
            throw;
        }
    }

    /// <summary>Writes a row some time soon. False, counted, if too many are waiting.</summary>
    public bool TryAdd(T row)
    {
        if (queue.Writer.TryWrite(new Pending(row, null)))
            return true;
        Drop();
        return false;
    }

    /// <summary>Takes no more rows, goes on writing the queued ones for a bounded time, then fails the rest.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!queue.Writer.TryComplete())
            return;
        await draining.CancelAsync();
        try
        {
            await consumer.WaitAsync(options.DrainTimeout, time);
        }
        catch (TimeoutException)
        {
            await abort.CancelAsync();
            await consumer;
        }
        draining.Dispose();
        abort.Dispose();
    }

    private async Task ConsumeAsync()
    {
        var batch = new List<Pending>();
        while (await queue.Reader.WaitToReadAsync())
        {
            if (options.Linger > TimeSpan.Zero && queue.Reader.Count < options.MaxBatch)
                await DelayAsync(options.Linger, draining.Token);
            Collect(batch);
            if (batch.Count > 0)
                await FlushAsync(batch);
        }
    }

    private void Collect(List<Pending> batch)
    {
        batch.Clear();
        Dictionary<Guid, int>? places = merge is null ? null : [];
        while (batch.Count < options.MaxBatch && queue.Reader.TryRead(out var next))
        {
            if (next.IsDone)
                continue;
            if (places is null || places.TryAdd(key(next.Row), batch.Count))
                batch.Add(next);
            else
            {
                var place = places[key(next.Row)];
                batch[place] = next.Absorb(batch[place], merge!(batch[place].Row, next.Row));
            }
        }
    }

    private async Task FlushAsync(List<Pending> batch)
    {
        var started = time.GetTimestamp();
        var backoff = FirstBackoff;
        while (batch.Count > 0)
        {
            try
            {
                await WriteAsync([.. batch], isolating: false);
                return;
            }
            catch (Exception e) when (WriteFaults.Classify(e) == WriteFault.Unavailable)
            {
                lastFailure = e;
                metrics.Failed(options.Name);
                if (available)
                    LogUnavailable(logger, options.Name, e);
                available = false;
            }
            batch.RemoveAll(p => p.IsDone);
            if (batch.Count == 0)
                return;
            if (abort.IsCancellationRequested
                || (options.MaxWait != Timeout.InfiniteTimeSpan && time.GetElapsedTime(started) > options.MaxWait))
            {
                foreach (var pending in batch)
                    GiveUp(pending);
                return;
            }
            // Disposal ends the pause once, to see whether anybody still waits for these rows.
            await DelayAsync(
                backoff * (0.5 + Random.Shared.NextDouble()),
                draining.IsCancellationRequested ? abort.Token : draining.Token);
            batch.RemoveAll(p => p.IsDone);
            backoff = backoff * 2 < LastBackoff ? backoff * 2 : LastBackoff;
        }
    }

    private async Task WriteAsync(Pending[] part, bool isolating)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            try
            {
                metrics.Statement(options.Name);
                var refused = await write([.. part.Select(p => p.Row)], isolating, abort.Token);
                Committed(part, refused);
                return;
            }
            catch (Exception e) when (WriteFaults.Classify(e) == WriteFault.Conflict && conflicts < MaxConflicts)
            {
                await DelayAsync(FirstBackoff * Random.Shared.NextDouble(), abort.Token);
            }
            catch (Exception e) when (WriteFaults.Classify(e) != WriteFault.Unavailable)
            {
                if (part.Length == 1)
                {
                    Reject(part[0], e);
                    return;
                }
                break;
            }
        }
        await WriteAsync(part[..(part.Length / 2)], isolating: true);
        await WriteAsync(part[(part.Length / 2)..], isolating: true);
    }

    private void Committed(Pending[] part, IReadOnlyCollection<Guid> refused)
    {
        if (!available)
            LogAvailable(logger, options.Name);
        available = true;
        metrics.Written(options.Name, part.Length - refused.Count);
        foreach (var pending in part)
        {
            if (refused.Count > 0 && refused.Contains(key(pending.Row)))
                Reject(pending, null);
            else
                pending.Complete(null);
        }
    }

    private void Reject(Pending pending, Exception? reason)
    {
        metrics.Rejected(options.Name);
        LogRejected(logger, options.Name, (reason as Npgsql.PostgresException)?.SqlState ?? reason?.GetType().Name ?? "condition");
        pending.Complete(new WriteRejectedException($"The {options.Name} row {key(pending.Row)} was refused.", reason));
    }

    private void GiveUp(Pending pending)
    {
        if (!pending.HasWaiter)
            Drop();
        pending.Complete(Unavailable("the database was not reachable"));
    }

    private void Drop()
    {
        Interlocked.Increment(ref dropped);
        metrics.Dropped(options.Name);
    }

    private WriteUnavailableException Unavailable(string why) => new($"Writing {options.Name}: {why}.", lastFailure);

    // Cancellation only shortens the wait.
    private async Task DelayAsync(TimeSpan delay, CancellationToken ct) =>
        await Task.Delay(delay, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    [LoggerMessage(3010, LogLevel.Warning, "Writing {Writer}: the database is not reachable; rows wait")]
    private static partial void LogUnavailable(ILogger logger, string writer, Exception exception);

    [LoggerMessage(3011, LogLevel.Information, "Writing {Writer}: the database is reachable again")]
    private static partial void LogAvailable(ILogger logger, string writer);

    [LoggerMessage(3012, LogLevel.Information, "Writing {Writer}: a row was refused ({Reason})")]
    private static partial void LogRejected(ILogger logger, string writer, string reason);

    /// <summary>A row and whoever waits for it, together with older rows of the same key that it stands for.</summary>
    private sealed class Pending(T row, TaskCompletionSource? completion)
    {
        private Pending? absorbed;
        private bool done;

        public T Row { get; private set; } = row;

        public TaskCompletionSource? Completion => completion;

        public bool HasWaiter => completion is not null || absorbed?.HasWaiter == true;

        public bool IsDone => Volatile.Read(ref done);

        public Pending Absorb(Pending older, T merged)
        {
            absorbed = older;
            Row = merged;
            return this;
        }

        /// <summary>Nobody waits any more: not worth writing, unless it stands for other rows.</summary>
        public void Abandon()
        {
            if (absorbed is null)
                Volatile.Write(ref done, true);
        }

        public void Complete(Exception? failure)
        {
            Volatile.Write(ref done, true);
            if (failure is null)
                completion?.TrySetResult();
            else if (completion?.TrySetException(failure) == true)
                _ = completion.Task.Exception; // seen, in case nobody waits any more
            absorbed?.Complete(failure);
        }
    }
}
