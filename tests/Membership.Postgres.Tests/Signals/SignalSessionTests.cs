using System.Diagnostics;
using Firezone.Membership.Postgres.Signals;
using Firezone.Shared;
using Microsoft.Extensions.Logging;

namespace Firezone.Membership.Postgres.Tests.Signals;

public sealed class SignalSessionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly Rig _rig = new(postgres);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _rig.DisposeAsync().AsTask();

    [Theory]
    [InlineData("a")]
    [InlineData("")]
    [InlineData("Zürich 東京 'quoted'")]
    public async Task The_channel_is_the_one_that_the_trigger_uses(string clusterId) => Assert.Equal(
        await postgres.ScalarAsync<string>("select 'orleans_membership_' || md5($1)", clusterId),
        ChannelName.For(clusterId));

    [Fact]
    public async Task Signals_are_heard_in_the_order_of_their_sending()
    {
        await StartAsync(_rig.Session());
        Assert.Equal("up with lock", await _rig.Handler.NextAsync());
        Assert.NotNull(await _rig.HolderAsync());

        for (var i = 0; i < 200; i++)
            await _rig.NotifyAsync($"1|v|{i}");
        for (var i = 0; i < 200; i++)
            Assert.Equal($"1|v|{i}", await _rig.Handler.NextAsync());
        Assert.Equal(200, _rig.Counts["signals.received kind=table"]);
    }

    [Fact]
    public async Task A_session_without_a_lock_listens_too()
    {
        await StartAsync(_rig.Session(withLock: false));
        Assert.Equal("up", await _rig.Handler.NextAsync());
        Assert.Null(await _rig.HolderAsync());
        await _rig.NotifyAsync("1|q");
        Assert.Equal("1|q", await _rig.Handler.NextAsync());
    }

    [Fact]
    public async Task Garbage_is_counted_and_told_once_and_probes_of_others_are_neither()
    {
        await StartAsync(_rig.Session());
        await _rig.Handler.NextAsync();

        await _rig.NotifyAsync("nonsense");
        await _rig.NotifyAsync("2|h|something newer");
        await _rig.NotifyAsync(new string('1', 5000));
        await _rig.NotifyAsync(SignalCodec.Probe(Guid.NewGuid()));
        await _rig.NotifyAsync("1|q");

        Assert.Equal("1|q", await _rig.Handler.NextAsync());
        Assert.Equal((1, 1, 1), (Ignored("malformed"), Ignored("version"), Ignored("too_long")));
        Assert.Equal(1, _rig.SessionLog.Count(7106));

        double Ignored(string reason) => _rig.Counts[$"signals.ignored reason={reason}"];
    }

    [Fact]
    public async Task A_handler_that_throws_does_not_end_the_listening()
    {
        _rig.Handler.Throws = true;
        await StartAsync(_rig.Session());
        await _rig.Handler.NextAsync();
        await _rig.NotifyAsync("1|v|1");
        await _rig.NotifyAsync("1|v|2");
        Assert.Equal("1|v|1", await _rig.Handler.NextAsync());
        Assert.Equal("1|v|2", await _rig.Handler.NextAsync());
        Assert.True(_rig.SessionLog.Count(7105) >= 2);
    }

    [Fact]
    public async Task A_terminated_session_comes_back_and_takes_its_lock_again()
    {
        var session = _rig.Session();
        await StartAsync(session);
        Assert.Equal("up with lock", await _rig.Handler.NextAsync());
        var first = (await _rig.HolderAsync())!.Value;

        await _rig.TerminateAsync(first);

        Assert.Equal("down", await _rig.Handler.NextAsync());
        await UpWithLockAsync();
        Assert.NotEqual(first, (await _rig.HolderAsync())!.Value);
        await _rig.NotifyAsync("1|q");
        Assert.Equal("1|q", await _rig.Handler.NextAsync());
        Assert.Equal(1, _rig.Counts["listen.reconnects"]);
        Assert.Equal((2, 1), (_rig.SessionLog.Count(7100), _rig.SessionLog.Count(7101)));
        Assert.True(session.IsUp);
    }

    [Fact]
    public async Task A_server_that_goes_away_is_waited_for_with_one_line_in_the_log()
    {
        var proxy = _rig.Proxy();
        var session = _rig.Session(_rig.Database(_rig.Via(proxy.Port)));
        await StartAsync(session);
        Assert.Equal("up with lock", await _rig.Handler.NextAsync());

        proxy.Refuse = true;
        proxy.CutAll();
        Assert.Equal("down", await _rig.Handler.NextAsync());
        Assert.False(session.IsUp);
        await Rig.UntilAsync(async () => await _rig.HolderAsync() is null);
        proxy.Refuse = false;

        await UpWithLockAsync();
        Assert.Equal(1, _rig.SessionLog.Count(7101));
    }

    [Fact]
    public async Task A_start_without_a_server_returns_and_the_session_comes_up_later()
    {
        var proxy = _rig.Proxy();
        proxy.Refuse = true;
        var session = _rig.Session(_rig.Database(_rig.Via(proxy.Port)));
        await StartAsync(session);
        Assert.False(session.IsUp);
        Assert.True(_rig.Handler.IsEmpty);

        proxy.Refuse = false;
        Assert.Equal("up with lock", await _rig.Handler.NextAsync());
    }

    [Fact]
    public async Task A_connection_that_died_without_a_word_is_noticed_and_its_lock_is_taken_over_when_the_server_lets_it_go()
    {
        var proxy = _rig.Proxy();
        await StartAsync(_rig.Session(_rig.Database(_rig.Via(proxy.Port))));
        Assert.Equal("up with lock", await _rig.Handler.NextAsync());

        var silenced = Stopwatch.GetTimestamp();
        proxy.SilenceAll();
        Assert.Equal("down", await _rig.Handler.NextAsync());
        Assert.InRange(Stopwatch.GetElapsedTime(silenced, _rig.Handler.At), TimeSpan.Zero, TimeSpan.FromSeconds(11.5));
        await UpWithLockAsync();
    }

    [Fact]
    public async Task A_lock_that_a_predecessor_still_holds_is_tried_again_while_signals_are_heard()
    {
        var holder = await _rig.HoldLockAsync();
        await StartAsync(_rig.Session());
        Assert.Equal("up", await _rig.Handler.NextAsync());
        Assert.Equal(1, _rig.SessionLog.Count(7103));
        for (var i = 0; i < 20; i++)
        {
            await _rig.NotifyAsync($"1|v|{i}");
            Assert.Equal($"1|v|{i}", await _rig.Handler.NextAsync());
        }

        await holder.DisposeAsync();

        Assert.Equal("up with lock", await _rig.Handler.NextAsync());
        Assert.Equal(1, _rig.SessionLog.Count(7104));
    }

    [Fact]
    public async Task Disposing_frees_the_lock_promptly_and_tells_the_handler_nothing()
    {
        var session = _rig.Session();
        await StartAsync(session);
        await _rig.Handler.NextAsync();

        var clock = Stopwatch.StartNew();
        await session.DisposeAsync();
        await Rig.UntilAsync(async () => await _rig.HolderAsync() is null);

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.True(_rig.Handler.IsEmpty);
        Assert.False(session.IsUp);
        Assert.DoesNotContain(_rig.SessionLog.Lines, l => l.Level >= LogLevel.Warning);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_pooler_that_swallows_notifications_is_detected_and_told(bool passWhileBusy)
    {
        var pooler = _rig.Own(new SwallowingPooler(_rig.ServerPort, passWhileBusy));
        var session = _rig.Session(_rig.Database(_rig.Via(pooler.Port)));
        await StartAsync(session);

        Assert.False(session.IsUp);
        Assert.True(_rig.Handler.IsEmpty);
        var line = Assert.Single(_rig.SessionLog.Lines);
        Assert.Equal((7102, LogLevel.Error), (line.Id, line.Level));
        Assert.Contains("directly, or through a pooler in session mode", line.Text, StringComparison.Ordinal);
        Assert.Null(await _rig.HolderAsync());
    }

    [Fact]
    public async Task The_first_host_of_several_may_be_dead()
    {
        var dead = _rig.Proxy();
        dead.Refuse = true;
        var database = _rig.Database(_rig.Via(_rig.ServerPort) + $";Host=127.0.0.1:{dead.Port},127.0.0.1:{_rig.ServerPort}");
        await StartAsync(_rig.Session(database));
        Assert.Equal("up with lock", await _rig.Handler.NextAsync());
        Assert.True(await _rig.Sender(database).TrySendAsync(new Signal.RollCall(), TimeSpan.FromSeconds(10), CancellationToken.None));
        Assert.Equal("1|q", await _rig.Handler.NextAsync());
    }

    private static Task StartAsync(SignalSession session) => session.StartAsync(CancellationToken.None).WaitAsync(RecordingHandler.Patience);

    // The server may learn of the old session's end later than its owner.
    private async Task UpWithLockAsync()
    {
        var call = await _rig.Handler.NextAsync();
        if (call == "up")
            call = await _rig.Handler.NextAsync();
        Assert.Equal("up with lock", call);
    }
}
