using System.Collections.Concurrent;
using System.Threading.Channels;
using Firezone.Storage.Postgres.Batching;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Firezone.Storage.Postgres.Tests.Batching;

public sealed class GroupCommitWriterTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly GroupCommitOptions _patient = new()
    {
        Name = "test",
        MaxWait = Timeout.InfiniteTimeSpan,
        MaxCallerWait = Timeout.InfiniteTimeSpan,
    };

    [Fact]
    public async Task Rows_that_arrive_during_a_statement_go_into_the_next_one()
    {
        var table = new Table();
        await using var writer = Writer(table);
        using (table.Pause())
        {
            var first = writer.AddAsync(new(1), None);
            await table.Writing;
            var others = Enumerable.Range(2, 500).Select(i => writer.AddAsync(new(i), None)).ToArray();
            table.Resume();
            await Task.WhenAll([first, .. others]);
        }
        Assert.Equal([1, 500], table.Statements.Select(s => s.Length));
        Assert.Equal(Enumerable.Range(1, 501), table.Stored.Select(r => r.Value));
    }

    [Fact]
    public async Task A_statement_that_lasts_keeps_others_waiting_only_if_all_that_may_be_under_way_do()
    {
        var begun = Channel.CreateUnbounded<(int[] Rows, TaskCompletionSource End)>();
        await using var writer = new GroupCommitWriter<Row>(
            _patient with { MaxStatements = 2 },
            async (rows, _, _) =>
            {
                var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                begun.Writer.TryWrite(([.. rows.Select(row => row.Value)], end));
                await end.Task;
                return [];
            },
            row => row.Key,
            merge: null,
            TimeProvider.System,
            NullLogger.Instance,
            new StorageMetrics());

        var first = writer.AddAsync(new(1), None);
        var one = await begun.Reader.ReadAsync();
        var second = writer.AddAsync(new(2), None);
        var two = await begun.Reader.ReadAsync();
        var others = new[] { writer.AddAsync(new(3), None), writer.AddAsync(new(4), None) };
        two.End.SetResult();
        await second;
        Assert.False(first.IsCompleted);

        var three = await begun.Reader.ReadAsync();
        int[][] rows = [one.Rows, two.Rows, three.Rows];
        Assert.Equal([[1], [2], [3, 4]], rows);
        three.End.SetResult();
        await Task.WhenAll(others);
        one.End.SetResult();
        await first;
    }

    [Fact]
    public async Task A_bad_row_fails_alone()
    {
        var table = new Table { Fault = rows => rows.Any(r => r.Value == 137) ? new PostgresException("bad", "ERROR", "ERROR", "23503") : null };
        await using var writer = Writer(table);
        var adds = await FillAsync(table, writer, 256);
        var outcomes = await Task.WhenAll(adds.Select(Outcome));
        Assert.IsType<WriteRejectedException>(outcomes[137]);
        Assert.Equal(255, outcomes.Count(o => o is null));
        // The blocker, the whole batch, then two halves on each of eight levels.
        Assert.True(table.Statements.Count <= 2 + (2 * 8), $"{table.Statements.Count} statements");
        Assert.All(table.Isolating.Skip(2), Assert.True);
    }

    [Fact]
    public async Task A_lone_row_that_fails_is_looked_at_once_more()
    {
        var table = new Table { Fault = _ => new PostgresException("locked", "ERROR", "ERROR", PostgresErrorCodes.LockNotAvailable) };
        await using var writer = Writer(table);
        await Assert.ThrowsAsync<WriteRejectedException>(() => writer.AddAsync(new(1), None));
        Assert.Equal([false, true], table.Isolating);
    }

    [Fact]
    public async Task A_row_that_the_statement_leaves_out_is_rejected_and_the_others_are_committed()
    {
        var table = new Table();
        table.Refused.Add(new Row(3).Key);
        await using var writer = Writer(table);
        await Assert.ThrowsAsync<WriteRejectedException>(() => writer.AddAsync(new(3), None));
        await writer.AddAsync(new(4), None);
    }

    [Fact]
    public async Task A_deadlock_is_tried_again_and_not_bisected()
    {
        var failures = 2;
        var table = new Table { Fault = _ => failures-- > 0 ? new PostgresException("deadlock", "ERROR", "ERROR", "40P01") : null };
        await using var writer = Writer(table);
        await writer.AddAsync(new(1), None);
        Assert.Equal(3, table.Statements.Count);
    }

    [Fact]
    public async Task A_database_that_comes_back_is_waited_for()
    {
        var time = new FakeTimeProvider();
        var down = true;
        var table = new Table { Fault = _ => down ? new NpgsqlException("gone", new IOException()) : null };
        await using var writer = Writer(table, time, _patient);
        var add = writer.AddAsync(new(1), None);
        await table.Writing;
        down = false;
        await AdvanceUntilAsync(time, add);
        await add;
        Assert.Single(table.Stored);
    }

    [Theory]
    [InlineData("28P01")] // the password was changed
    [InlineData("3D000")] // the database is being restored
    [InlineData("42P01")] // the schema is not migrated yet
    [InlineData("42501")] // a right is missing
    public async Task A_database_that_refuses_every_row_alike_is_waited_for(string sqlState)
    {
        var time = new FakeTimeProvider();
        var down = true;
        var table = new Table { Fault = _ => down ? new PostgresException("no", "FATAL", "FATAL", sqlState) : null };
        await using var writer = Writer(table, time, _patient);
        var add = writer.AddAsync(new(1), None);
        await table.Writing;
        down = false;
        await AdvanceUntilAsync(time, add);
        await add;
        Assert.Single(table.Stored);
    }

    [Fact]
    public async Task Who_waits_for_a_row_waits_a_bounded_time_also_where_rows_do_not()
    {
        var time = new FakeTimeProvider();
        var table = new Table { Fault = _ => new NpgsqlException("gone", new IOException()) };
        await using var writer = Writer(table, time, new() { Name = "test", MaxWait = Timeout.InfiniteTimeSpan });
        var add = writer.AddAsync(new(1), None);
        await AdvanceUntilAsync(time, add);
        await Assert.ThrowsAsync<WriteUnavailableException>(() => add);
    }

    [Fact]
    public async Task A_database_that_stays_away_fails_the_write_after_the_bounded_wait()
    {
        var time = new FakeTimeProvider();
        var table = new Table { Fault = _ => new NpgsqlException("gone", new IOException()) };
        await using var writer = Writer(table, time);
        var add = writer.AddAsync(new(1), None);
        await table.Writing;
        await AdvanceUntilAsync(time, add);
        await Assert.ThrowsAsync<WriteUnavailableException>(() => add);
        Assert.True(time.GetUtcNow() - time.Start >= TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_full_queue_is_said_at_once()
    {
        var table = new Table();
        await using var writer = Writer(table, options: new() { Name = "test", Capacity = 10 });
        using (table.Pause())
        {
            var adds = new List<Task> { writer.AddAsync(new(0), None) };
            await table.Writing;
            adds.AddRange(Enumerable.Range(1, 10).Select(i => writer.AddAsync(new(i), None)));
            await Assert.ThrowsAsync<WriteUnavailableException>(() => writer.AddAsync(new(11), None));
            Assert.False(writer.TryAdd(new(12)));
            Assert.Equal(1, writer.Dropped);
            table.Resume();
            await Task.WhenAll(adds);
        }
    }

    [Fact]
    public async Task A_cancelled_row_that_still_waits_is_not_written()
    {
        var table = new Table();
        await using var writer = Writer(table);
        using var cancel = new CancellationTokenSource();
        using (table.Pause())
        {
            var first = writer.AddAsync(new(1), None);
            await table.Writing;
            var second = writer.AddAsync(new(2), cancel.Token);
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
            table.Resume();
            await first;
        }
        await writer.DisposeAsync();
        Assert.Equal([1], table.Stored.Select(r => r.Value));
    }

    [Fact]
    public async Task Rows_of_one_key_are_joined_and_all_who_wait_are_told()
    {
        var table = new Table();
        await using var writer = Writer(table, merge: (older, newer) => newer with { Note = older.Note + newer.Note });
        using (table.Pause())
        {
            var first = writer.AddAsync(new(0), None);
            await table.Writing;
            var joined = new[] { "a", "b", "c" }.Select(note => writer.AddAsync(new(1, note), None)).ToArray();
            table.Resume();
            await Task.WhenAll([first, .. joined]);
        }
        Assert.Equal([new(0), new(1, "abc")], table.Stored);
    }

    [Fact]
    public async Task Statements_keep_their_distance_and_a_full_batch_does_not_wait()
    {
        var time = new FakeTimeProvider();
        var table = new Table();
        await using var writer = Writer(
            table, time, new() { Name = "test", Interval = TimeSpan.FromHours(1), MaxBatch = 10, MaxWait = Timeout.InfiniteTimeSpan });
        using (table.Pause())
        {
            // The first goes at once. Ten are a batch by themselves, the eleventh is left.
            var first = writer.AddAsync(new(0), None);
            await table.Writing;
            var full = Enumerable.Range(1, 10).Select(i => writer.AddAsync(new(i), None)).ToArray();
            writer.TryAdd(new(11));
            table.Resume();
            await Task.WhenAll([first, .. full]);
        }
        Assert.Equal(2, table.Statements.Count);
        Assert.DoesNotContain(new(11), table.Stored);
        await writer.DisposeAsync(); // does not wait for the hour
        Assert.Contains(new(11), table.Stored);
    }

    [Fact]
    public async Task Disposal_writes_what_is_queued_without_lingering()
    {
        var table = new Table();
        var writer = Writer(table, new FakeTimeProvider(), new() { Name = "test", Linger = TimeSpan.FromHours(1) });
        for (var i = 0; i < 2500; i++)
            Assert.True(writer.TryAdd(new(i)));
        await writer.DisposeAsync();
        Assert.Equal(2500, table.Stored.Count);
        Assert.False(writer.TryAdd(new(1)));
        await Assert.ThrowsAsync<WriteUnavailableException>(() => writer.AddAsync(new(1), None));
        await writer.DisposeAsync();
    }

    [Fact]
    public async Task Disposal_gives_up_on_a_database_that_does_not_answer()
    {
        var time = new FakeTimeProvider();
        var table = new Table();
        using var paused = table.Pause();
        var writer = Writer(table, time);
        var add = writer.AddAsync(new(1), None);
        await table.Writing;
        writer.TryAdd(new(2));
        var dispose = writer.DisposeAsync().AsTask();
        await AdvanceUntilAsync(time, dispose);
        await dispose;
        await Assert.ThrowsAsync<WriteUnavailableException>(() => add);
        Assert.Equal(1, writer.Dropped);
    }

    private static GroupCommitWriter<Row> Writer(
        Table table, TimeProvider? time = null, GroupCommitOptions? options = null, Func<Row, Row, Row>? merge = null) =>
        new(
            options ?? new() { Name = "test" },
            table.WriteAsync,
            r => r.Key,
            merge,
            time ?? TimeProvider.System,
            NullLogger.Instance,
            new StorageMetrics());

    // One batch with rows 0..count-1: they are added while a statement is under way.
    private static async Task<Task[]> FillAsync(Table table, GroupCommitWriter<Row> writer, int count)
    {
        using (table.Pause())
        {
            var blocker = writer.AddAsync(new(-1), None);
            await table.Writing;
            var adds = Enumerable.Range(0, count).Select(i => writer.AddAsync(new(i), None)).ToArray();
            table.Resume();
            await blocker;
            return adds;
        }
    }

    private static async Task<Exception?> Outcome(Task task)
    {
        try
        {
            await task;
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private static async Task AdvanceUntilAsync(FakeTimeProvider time, Task done)
    {
        while (!done.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }
    }

    private sealed record Row(int Value, string Note = "")
    {
        public Guid Key => new(Value, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    private sealed class Table
    {
        private readonly TaskCompletionSource _writing = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TaskCompletionSource? _pause;

        public ConcurrentQueue<Row> Stored { get; } = [];

        public ConcurrentQueue<Row[]> Statements { get; } = [];

        public ConcurrentQueue<bool> Isolating { get; } = [];

        public HashSet<Guid> Refused { get; } = [];

        public Func<IReadOnlyList<Row>, Exception?>? Fault { get; init; }

        /// <summary>The first statement is under way.</summary>
        public Task Writing => _writing.Task;

        public IDisposable Pause()
        {
            _pause = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return new Release(this);
        }

        public void Resume() => _pause?.TrySetResult();

        public async Task<IReadOnlyCollection<Guid>> WriteAsync(IReadOnlyList<Row> rows, bool isolating, CancellationToken ct)
        {
            Statements.Enqueue([.. rows]);
            Isolating.Enqueue(isolating);
            _writing.TrySetResult();
            if (_pause is { } paused)
                await paused.Task.WaitAsync(ct);
            if (Fault?.Invoke(rows) is { } fault)
                throw fault;
            foreach (var row in rows.Where(r => !Refused.Contains(r.Key)))
                Stored.Enqueue(row);
            return [.. rows.Select(r => r.Key).Where(Refused.Contains)];
        }

        private sealed class Release(Table table) : IDisposable
        {
            public void Dispose() => table.Resume();
        }
    }
}
