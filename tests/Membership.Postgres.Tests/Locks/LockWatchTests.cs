using System.Diagnostics;
using System.Globalization;
using Firezone.Membership.Postgres.Locks;
using Firezone.Membership.Postgres.Tests.Signals;
using Firezone.Shared;
using Npgsql;

namespace Firezone.Membership.Postgres.Tests.Locks;

public sealed class LockWatchTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    // On a loaded machine the scheduler alone may take longer than the 2-3 ms that the server needs; the median is what counts.
    private static readonly TimeSpan Prompt = TimeSpan.FromMilliseconds(100);

    private readonly Rig _rig = new(postgres);
    private readonly LogLines<LockWatch> _log = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _rig.DisposeAsync().AsTask();

    [Fact]
    public async Task The_end_of_the_holders_session_is_told_at_once()
    {
        var latencies = new List<TimeSpan>();
        for (var i = 0; i < 5; i++)
        {
            var holder = await _rig.HoldLockAsync();
            var watch = await WaitingAsync(Watch());
            var clock = Stopwatch.StartNew();
            await _rig.TerminateAsync(holder.ProcessID);
            Assert.Equal(LockWatchEnd.Released, await watch.WaitAsync(RecordingHandler.Patience));
            latencies.Add(clock.Elapsed);
        }

        Assert.InRange(latencies.Order().ElementAt(2), TimeSpan.Zero, Prompt);
        await Rig.UntilAsync(async () => await _rig.WaitersAsync() == 0);
    }

    [Fact]
    public async Task The_death_of_the_holders_process_is_told_at_once()
    {
        var latencies = new List<TimeSpan>();
        for (var i = 0; i < 5; i++)
        {
            using var holder = StartHolder();
            await Rig.UntilAsync(async () => await _rig.HolderAsync() is not null);
            var watch = await WaitingAsync(Watch());
            var clock = Stopwatch.StartNew();
            holder.Kill();
            Assert.Equal(LockWatchEnd.Released, await watch.WaitAsync(RecordingHandler.Patience));
            latencies.Add(clock.Elapsed);
            await holder.WaitForExitAsync();
        }

        Assert.InRange(latencies.Order().ElementAt(2), TimeSpan.Zero, Prompt);
    }

    [Fact]
    public async Task A_lock_that_nobody_holds_is_released_already() =>
        Assert.Equal(LockWatchEnd.Released, await Watch().RunAsync(CancellationToken.None).WaitAsync(RecordingHandler.Patience));

    [Fact]
    public async Task Several_watchers_are_all_told_and_the_silo_gets_its_lock_back()
    {
        var holder = await _rig.HoldLockAsync();
        var first = await WaitingAsync(Watch());
        var second = await WaitingAsync(Watch(), waiters: 2);
        await holder.DisposeAsync();
        Assert.Equal(LockWatchEnd.Released, await first.WaitAsync(RecordingHandler.Patience));
        Assert.Equal(LockWatchEnd.Released, await second.WaitAsync(RecordingHandler.Patience));
        await _rig.HoldLockAsync().WaitAsync(RecordingHandler.Patience);
    }

    [Fact]
    public async Task The_wait_goes_on_past_the_limit_of_one_statement()
    {
        var holder = await _rig.HoldLockAsync();
        var watch = await WaitingAsync(Watch(lockTimeout: TimeSpan.FromMilliseconds(50)));
        var started = await StatementStartAsync();
        await Rig.UntilAsync(async () => await StatementStartAsync() > started);
        Assert.False(watch.IsCompleted);
        await holder.DisposeAsync();
        Assert.Equal(LockWatchEnd.Released, await watch.WaitAsync(RecordingHandler.Patience));
    }

    [Fact]
    public async Task A_watcher_whose_connection_is_cut_says_that_it_knows_nothing()
    {
        await _rig.HoldLockAsync();
        var proxy = _rig.Proxy();
        var watch = await WaitingAsync(Watch(_rig.Via(proxy.Port)));
        proxy.CutAll();
        Assert.Equal(LockWatchEnd.Broken, await watch.WaitAsync(RecordingHandler.Patience));
        Assert.Equal(1, _log.Count(7122));
    }

    [Fact]
    public async Task A_watcher_whose_connection_died_without_a_word_notices_by_the_missing_answer()
    {
        await _rig.HoldLockAsync();
        var proxy = _rig.Proxy();
        var watch = await WaitingAsync(Watch(_rig.Via(proxy.Port), lockTimeout: TimeSpan.FromSeconds(1)));
        var clock = Stopwatch.StartNew();
        proxy.SilenceAll();
        Assert.Equal(LockWatchEnd.Broken, await watch.WaitAsync(RecordingHandler.Patience));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(8));
    }

    [Fact]
    public async Task Without_a_server_nothing_is_known()
    {
        var proxy = _rig.Proxy();
        proxy.Refuse = true;
        Assert.Equal(LockWatchEnd.Broken, await Watch(_rig.Via(proxy.Port)).RunAsync(CancellationToken.None).WaitAsync(RecordingHandler.Patience));
    }

    [Fact]
    public async Task Cancelling_leaves_nobody_waiting_on_the_server()
    {
        await _rig.HoldLockAsync();
        using var cancel = new CancellationTokenSource();
        var watch = await WaitingAsync(Watch(), ct: cancel.Token);
        var clock = Stopwatch.StartNew();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch.WaitAsync(RecordingHandler.Patience));
        await Rig.UntilAsync(async () => await _rig.WaitersAsync() == 0);
        // By itself its statement would end after half a minute.
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }

    private LockWatch Watch(string? connectionString = null, TimeSpan? lockTimeout = null) =>
        new(_rig.Database(connectionString), _rig.Silo, TimeProvider.System, _log)
        {
            LockTimeout = lockTimeout ?? TimeSpan.FromSeconds(30),
            AnswerTimeout = TimeSpan.FromSeconds(3),
        };

    private async Task<Task<LockWatchEnd>> WaitingAsync(LockWatch watch, int waiters = 1, CancellationToken ct = default)
    {
        var running = watch.RunAsync(ct);
        await Rig.UntilAsync(async () => await _rig.WaitersAsync() == waiters);
        return running;
    }

    private Task<DateTime> StatementStartAsync() => postgres.ScalarAsync<DateTime>(
        "select coalesce(max(query_start), 'epoch') from pg_stat_activity where datname = current_database() and query like '%pg_advisory_lock_shared%' and pid <> pg_backend_pid()");

    // psql reads from a pipe that stays open, so that its session lives as long as the process.
    private Process StartHolder()
    {
        var settings = new NpgsqlConnectionStringBuilder(postgres.ConnectionString);
        var start = new ProcessStartInfo("psql", ["-X", "-q", "-h", settings.Host!, "-p", settings.Port.ToString(CultureInfo.InvariantCulture), "-U", settings.Username!, settings.Database!])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["PGPASSWORD"] = settings.Password ?? "" },
        };
        var process = Process.Start(start)!;
        process.StandardInput.WriteLine($"select pg_advisory_lock({_rig.Key.Cluster}, {_rig.Key.Silo});");
        process.StandardInput.Flush();
        return process;
    }
}
