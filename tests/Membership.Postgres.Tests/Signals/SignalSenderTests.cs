using System.Diagnostics;
using Firezone.Membership.Postgres.Signals;
using Firezone.Shared;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Membership.Postgres.Tests.Signals;

public sealed class SignalSenderTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Rig _rig = new(postgres);

    public async Task InitializeAsync()
    {
        await _rig.Session(withLock: false).StartAsync(CancellationToken.None);
        Assert.Equal("up", await _rig.Handler.NextAsync());
    }

    public Task DisposeAsync() => _rig.DisposeAsync().AsTask();

    [Fact]
    public async Task Signals_sent_one_after_the_other_arrive_in_order()
    {
        var sender = _rig.Sender();
        for (var i = 0; i < 100; i++)
            Assert.True(await sender.TrySendAsync(new Signal.TableChanged(i), Limit, CancellationToken.None));
        for (var i = 0; i < 100; i++)
            Assert.Equal($"1|v|{i}", await _rig.Handler.NextAsync());
        Assert.Equal(100, _rig.Counts["signals.sent kind=table"]);
    }

    [Fact]
    public async Task Calls_may_overlap()
    {
        var sender = _rig.Sender();
        var sent = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => sender.TrySendAsync(new Signal.TableChanged(i), Limit, CancellationToken.None)));
        Assert.All(sent, Assert.True);
        var heard = new HashSet<string>();
        while (heard.Count < 20)
            heard.Add(await _rig.Handler.NextAsync());
    }

    [Fact]
    public async Task A_connection_that_was_cut_is_replaced_within_the_same_call()
    {
        var proxy = _rig.Proxy();
        var sender = _rig.Sender(_rig.Database(_rig.Via(proxy.Port)));
        Assert.True(await sender.TrySendAsync(new Signal.TableChanged(1), Limit, CancellationToken.None));
        proxy.CutAll();
        Assert.True(await sender.TrySendAsync(new Signal.TableChanged(2), Limit, CancellationToken.None));
        Assert.Empty(_rig.SenderLog.Lines);
    }

    [Fact]
    public async Task A_server_that_is_gone_costs_one_line_and_no_exception()
    {
        var proxy = _rig.Proxy();
        var sender = _rig.Sender(_rig.Database(_rig.Via(proxy.Port)));
        proxy.Refuse = true;
        Assert.False(await sender.TrySendAsync(new Signal.TableChanged(1), Limit, CancellationToken.None));
        Assert.False(await sender.TrySendAsync(new Signal.TableChanged(2), Limit, CancellationToken.None));
        proxy.Refuse = false;
        Assert.True(await sender.TrySendAsync(new Signal.TableChanged(3), Limit, CancellationToken.None));

        Assert.Equal("1|v|3", await _rig.Handler.NextAsync());
        Assert.Equal([7110, 7111], _rig.SenderLog.Lines.Select(l => l.Id));
        Assert.Equal((1, 2), (_rig.Counts["signals.sent kind=table"], _rig.Counts["signals.failures kind=table"]));
    }

    [Fact]
    public async Task A_goodbye_goes_out_while_a_heartbeat_is_stuck()
    {
        var proxy = _rig.Proxy();
        // The heartbeat's patience with its connection ends when this clock is moved, not before.
        var time = new FakeTimeProvider();
        var sender = _rig.Sender(_rig.Database(_rig.Via(proxy.Port)), time);
        Assert.True(await sender.TrySendAsync(new Signal.TableChanged(1), Limit, CancellationToken.None));
        Assert.Equal("1|v|1", await _rig.Handler.NextAsync());

        proxy.SilenceAll();
        var stuck = sender.TrySendAsync(new Signal.Heartbeat(_rig.Silo, true, ""), TimeSpan.FromDays(1), CancellationToken.None);
        await proxy.Swallowed.WaitAsync(Limit);
        Assert.True(await sender.TrySendAsync(new Signal.Goodbye(_rig.Silo), Limit, CancellationToken.None));

        Assert.Equal($"1|b|{_rig.Silo}", await _rig.Handler.NextAsync());
        Assert.False(stuck.IsCompleted);
        await Rig.UntilAsync(async () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await _rig.HolderAsync();
            return stuck.IsCompleted;
        });
        Assert.True(await stuck);
    }

    [Fact]
    public async Task A_goodbye_on_a_connection_that_died_without_a_word_goes_out_on_another()
    {
        var proxy = _rig.Proxy();
        var sender = _rig.Sender(_rig.Database(_rig.Via(proxy.Port)));
        Assert.True(await sender.TrySendAsync(new Signal.TableChanged(1), Limit, CancellationToken.None));
        proxy.SilenceAll();
        Assert.True(await sender.TrySendAsync(new Signal.Goodbye(_rig.Silo), Limit, CancellationToken.None));
        Assert.Equal("1|v|1", await _rig.Handler.NextAsync());
        Assert.Equal($"1|b|{_rig.Silo}", await _rig.Handler.NextAsync());
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_given_up_at_the_limit()
    {
        using var mute = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        mute.Start();
        var sender = _rig.Sender(_rig.Database(_rig.Via(((System.Net.IPEndPoint)mute.LocalEndpoint).Port)));
        var clock = Stopwatch.StartNew();
        Assert.False(await sender.TrySendAsync(new Signal.RollCall(), TimeSpan.FromMilliseconds(300), CancellationToken.None));
        Assert.InRange(clock.Elapsed, TimeSpan.FromMilliseconds(290), Limit);
    }
}
