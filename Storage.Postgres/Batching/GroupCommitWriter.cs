using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Firezone.Storage.Postgres.Batching;

/// <summary>
/// Collects rows of many callers and writes them together: a bounded number of multi-row statements at a time, by default one, the next as
/// soon as one has ended. A row that the database refuses fails alone; a database that is away is waited for, for a bounded time.
/// </summary>
/// <typeparam name="T">The kind of row.</typeparam>
/// <remarks>Safe for concurrent callers. With one statement at a time rows are written in the order in which they were added.</remarks>
internal sealed partial class GroupCommitWriter<T> : IAsyncDisposable
    where T : class
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LastBackoff = TimeSpan.FromSeconds(1);
    private const int MaxConflicts = 5;

    private readonly GroupCommitOptions _options;
    private readonly WriteBatch<T> _write;
    private readonly Func<T, Guid> _key;
    private readonly Func<T, T, T>? _merge;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly StorageMetrics _metrics;
    private readonly Channel<Pending> _queue;
    private readonly CancellationTokenSource _draining = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly Task _consumer;
    private long _dropped;
    private bool _available = true;
    private Exception? _lastFailure;

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
        _options = options;
        _write = write;
        _key = key;
        _merge = merge;
        _time = time;
        _logger = logger;
        _metrics = metrics;
        _queue = Channel.CreateBounded<Pending>(new BoundedChannelOptions(options.Capacity) { SingleReader = true });
        _consumer = Task.Run(ConsumeAsync);
    }

    /// <summary>Rows given up without anybody being told, because nobody waited for them.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Writes a row and waits until it is committed.</summary>
    /// <param name="row">The row.</param>
    /// <param name="ct">Stops waiting; a row whose statement is not under way is then not written.</param>
    /// <exception cref="WriteRejectedException">The database refused this row.</exception>
    /// <exception cref="WriteUnavailableException">The queue is full, or the wait exceeded its bound.</exception>
    public async Task AddAsync(T row, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var pending = new Pending(row, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        if (!_queue.Writer.TryWrite(pending))
            throw Unavailable("too many rows are waiting");
        var limit = _options.MaxWait == Timeout.InfiniteTimeSpan ? _options.MaxCallerWait : _options.MaxWait;
        try
        {
            await pending.Completion!.Task.WaitAsync(limit, _time, ct);
        }
        catch (TimeoutException)
        {
            pending.Abandon();
            throw Unavailable($"not committed within {limit}");
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
        if (_queue.Writer.TryWrite(new Pending(row, null)))
            return true;
        Drop();
        return false;
    }

    /// <summary>Takes no more rows, goes on writing the queued ones for a bounded time, then fails the rest.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_queue.Writer.TryComplete())
            return;
        await _draining.CancelAsync();
        try
        {
            await _consumer.WaitAsync(_options.DrainTimeout, _time);
        }
        catch (TimeoutException)
        {
            await _abort.CancelAsync();
            await _consumer;
        }
        _draining.Dispose();
        _abort.Dispose();
    }

    private async Task ConsumeAsync()
    {
        // Whoever happened to need the writer first is not the cause of all that it writes.
        Activity.Current = null;
        var underWay = new List<Task>();
        long? last = null;
        while (await _queue.Reader.WaitToReadAsync())
        {
            var pause = last is { } before ? _options.Interval - _time.GetElapsedTime(before) : TimeSpan.Zero;
            pause = pause > _options.Linger ? pause : _options.Linger;
            if (pause > TimeSpan.Zero && _queue.Reader.Count < _options.MaxBatch)
                await DelayAsync(pause, _draining.Token);
            last = _time.GetTimestamp();
            var batch = Collect();
            if (batch.Count > 0)
                underWay.Add(FlushAsync(batch));
            if (underWay.Count == _options.MaxStatements)
                await Task.WhenAny(underWay);
            underWay.RemoveAll(flush => flush.IsCompleted);
        }

        await Task.WhenAll(underWay);
    }

    private List<Pending> Collect()
    {
        var batch = new List<Pending>();
        Dictionary<Guid, int>? places = _merge is null ? null : [];
        while (batch.Count < _options.MaxBatch && _queue.Reader.TryRead(out var next))
        {
            if (next.IsDone)
                continue;
            if (places is null || places.TryAdd(_key(next.Row), batch.Count))
                batch.Add(next);
            else
            {
                var place = places[_key(next.Row)];
                batch[place] = next.Absorb(batch[place], _merge!(batch[place].Row, next.Row));
            }
        }

        return batch;
    }

    private async Task FlushAsync(List<Pending> batch)
    {
        var started = _time.GetTimestamp();
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
                _lastFailure = e;
                _metrics.Failed(_options.Name);
                if (Interlocked.Exchange(ref _available, false))
                    LogUnavailable(_logger, _options.Name, e);
            }
            batch.RemoveAll(p => p.IsDone);
            if (batch.Count == 0)
                return;
            if (_abort.IsCancellationRequested
                || (_options.MaxWait != Timeout.InfiniteTimeSpan && _time.GetElapsedTime(started) > _options.MaxWait))
            {
                foreach (var pending in batch)
                    GiveUp(pending);
                return;
            }
            // Disposal ends the pause once, to see whether anybody still waits for these rows.
            await DelayAsync(
                backoff * (0.5 + Random.Shared.NextDouble()),
                _draining.IsCancellationRequested ? _abort.Token : _draining.Token);
            batch.RemoveAll(p => p.IsDone);
            backoff = backoff * 2 < LastBackoff ? backoff * 2 : LastBackoff;
        }
    }

    private async Task WriteAsync(Pending[] part, bool isolating)
    {
        using var span = BatchTrace.Begin($"write {_options.Name}", part.Select(static p => p.Cause));
        for (var conflicts = 0; ; conflicts++)
        {
            try
            {
                _metrics.Statement(_options.Name);
                var refused = await _write([.. part.Select(p => p.Row)], isolating, _abort.Token);
                Committed(part, refused);
                return;
            }
            catch (Exception e) when (WriteFaults.Classify(e) == WriteFault.Conflict && conflicts < MaxConflicts)
            {
                await DelayAsync(FirstBackoff * Random.Shared.NextDouble(), _abort.Token);
            }
            catch (Exception e) when (WriteFaults.Classify(e) != WriteFault.Unavailable)
            {
                if (part.Length > 1)
                    break;
                if (isolating)
                {
                    Reject(part[0], e);
                    return;
                }

                // The statement itself may find what is wrong with the row, and do what belongs to a refusal.
                isolating = true;
            }
        }

        await WriteAsync(part[..(part.Length / 2)], isolating: true);
        await WriteAsync(part[(part.Length / 2)..], isolating: true);
    }

    private void Committed(Pending[] part, IReadOnlyCollection<Guid> refused)
    {
        if (!Volatile.Read(ref _available) && !Interlocked.Exchange(ref _available, true))
            LogAvailable(_logger, _options.Name);
        _metrics.Written(_options.Name, part.Length - refused.Count);
        foreach (var pending in part)
        {
            if (refused.Count > 0 && refused.Contains(_key(pending.Row)))
                Reject(pending, null);
            else
                pending.Complete(null);
        }
    }

    private void Reject(Pending pending, Exception? reason)
    {
        _metrics.Rejected(_options.Name);
        LogRejected(_logger, _options.Name, (reason as Npgsql.PostgresException)?.SqlState ?? reason?.GetType().Name ?? "condition");
        pending.Complete(new WriteRejectedException($"The {_options.Name} row {_key(pending.Row)} was refused.", reason));
    }

    private void GiveUp(Pending pending)
    {
        if (!pending.HasWaiter)
            Drop();
        pending.Complete(Unavailable("the database was not reachable"));
    }

    private void Drop()
    {
        Interlocked.Increment(ref _dropped);
        _metrics.Dropped(_options.Name);
    }

    private WriteUnavailableException Unavailable(string why) => new($"Writing {_options.Name}: {why}.", _lastFailure);

    // Cancellation only shortens the wait.
    private async Task DelayAsync(TimeSpan delay, CancellationToken ct) =>
        await Task.Delay(delay, _time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    [LoggerMessage(3010, LogLevel.Warning, "Writing {Writer}: the database is not reachable; rows wait")]
    private static partial void LogUnavailable(ILogger logger, string writer, Exception exception);

    [LoggerMessage(3011, LogLevel.Information, "Writing {Writer}: the database is reachable again")]
    private static partial void LogAvailable(ILogger logger, string writer);

    [LoggerMessage(3012, LogLevel.Information, "Writing {Writer}: a row was refused ({Reason})")]
    private static partial void LogRejected(ILogger logger, string writer, string reason);

    /// <summary>A row and whoever waits for it, together with older rows of the same key that it stands for.</summary>
    private sealed class Pending(T row, TaskCompletionSource? completion)
    {
        private Pending? _absorbed;
        private bool _done;

        public T Row { get; private set; } = row;

        public TaskCompletionSource? Completion => completion;

        /// <summary>The caller's span; null if nothing is traced.</summary>
        public Activity? Cause { get; } = Activity.Current;

        public bool HasWaiter => completion is not null || _absorbed?.HasWaiter == true;

        public bool IsDone => Volatile.Read(ref _done);

        public Pending Absorb(Pending older, T merged)
        {
            _absorbed = older;
            Row = merged;
            return this;
        }

        /// <summary>Nobody waits any more: not worth writing, unless it stands for other rows.</summary>
        public void Abandon()
        {
            if (_absorbed is null)
                Volatile.Write(ref _done, true);
        }

        public void Complete(Exception? failure)
        {
            Volatile.Write(ref _done, true);
            if (failure is null)
                completion?.TrySetResult();
            else if (completion?.TrySetException(failure) == true)
                _ = completion.Task.Exception; // seen, in case nobody waits any more
            _absorbed?.Complete(failure);
        }
    }
}
