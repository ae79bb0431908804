using System.Net;
using Firezone.Gateway.WebSockets.RateLimiting;
using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Shared.Peers;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Gateway.WebSockets.Tests.RateLimiting;

/// <summary>Front-ends of one cluster, through real sockets.</summary>
public sealed class ConnectRateLimiterTests
{
    private readonly FakeTimeProvider _clock = new(Tickets.Now);
    private readonly FakeCluster _cluster;

    public ConnectRateLimiterTests() => _cluster = new FakeCluster(_clock);

    private int Calls => _cluster.ConnectRate.Sum(grain => grain.Calls);

    private int Keys => _cluster.ConnectRate.Sum(grain => grain.Keys);

    [Fact]
    public async Task Of_many_connects_at_two_front_ends_at_once_exactly_one_passes_per_second()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        for (var round = 0; round < 5; round++)
        {
            var replies = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? first : second).RequestAsync(Connect.Client())));
            Assert.Single(replies, reply => reply.Status == 101);
            Assert.All(replies.Where(reply => reply.Status != 101), reply =>
                Assert.Equal((503, "rate_limit", "1"), (reply.Status, reply.Code, reply.Header("Retry-After"))));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task What_a_front_end_refuses_by_itself_is_not_asked_of_the_cluster()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        Assert.Equal(101, (await first.RequestAsync(Connect.Client())).Status);
        for (var i = 0; i < 3; i++)
            Assert.Equal(503, (await first.RequestAsync(Connect.Client())).Status);
        Assert.Equal(1, Keys);

        // The second asks once, and then knows for the rest of the second.
        for (var i = 0; i < 3; i++)
            Assert.Equal(503, (await second.RequestAsync(Connect.Client())).Status);
        Assert.Equal(2, Keys);
    }

    [Fact]
    public async Task A_front_end_that_was_refused_by_the_cluster_owes_nothing_for_it()
    {
        // One connect in five seconds: what the cluster has refused at the second must not make the wait there longer.
        await using var first = await StartAsync(("FrontEnd:ConnectRate:RefillPerSecond", "0.2"));
        await using var second = await StartAsync(("FrontEnd:ConnectRate:RefillPerSecond", "0.2"));
        Assert.Equal(101, (await first.RequestAsync(Connect.Client())).Status);
        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(503, (await second.RequestAsync(Connect.Client())).Status);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(101, (await second.RequestAsync(Connect.Client())).Status);
    }

    [Fact]
    public async Task Questions_that_come_while_one_is_asked_share_the_next_call()
    {
        await using var host = await StartAsync();
        var asked = new SemaphoreSlim(0);
        var answer = new TaskCompletionSource();
        foreach (var grain in _cluster.ConnectRate)
        {
            grain.OnTake = () =>
            {
                asked.Release();
                return answer.Task;
            };
        }

        var limiter = host.Service<ConnectRateLimiter>();
        var keys = Enumerable.Range(1, 100).Select(i => new ConnectRateKey((ulong)i * 16)).ToArray(); // All of one partition.
        var waiting = new List<Task<bool>> { limiter.TryAcquireAsync(keys[0], default).AsTask() };
        await asked.WaitAsync();
        waiting.AddRange(keys.Skip(1).Select(key => limiter.TryAcquireAsync(key, default).AsTask()));
        Assert.Equal(1, Calls);
        answer.SetResult();
        Assert.All(await Task.WhenAll(waiting), Assert.True);
        Assert.Equal((2, 100), (Calls, Keys));
    }

    [Fact]
    public async Task If_the_cluster_does_not_answer_in_time_the_front_end_decides_by_itself()
    {
        await using var host = await StartAsync();
        var silent = new TaskCompletionSource();
        foreach (var grain in _cluster.ConnectRate)
            grain.OnTake = () => silent.Task;

        var (reply, advanced) = await host.AdvanceUntilAsync(host.RequestAsync(Connect.Client()), TimeSpan.FromMilliseconds(50));
        Assert.Equal(101, reply.Status);
        Assert.True(advanced >= TimeSpan.FromSeconds(0.5), $"after {advanced}");
        Assert.Equal(503, (await host.RequestAsync(Connect.Client())).Status);
    }

    [Fact]
    public async Task A_cluster_that_fails_keeps_nobody_out()
    {
        await using var host = await StartAsync();
        foreach (var grain in _cluster.ConnectRate)
            grain.OnTake = () => throw new Orleans.Runtime.SiloUnavailableException("gone");
        Assert.Equal(101, (await host.RequestAsync(Connect.Client())).Status);
        Assert.Equal(503, (await host.RequestAsync(Connect.Client())).Status);
    }

    [Fact]
    public async Task The_only_front_end_asks_nobody_and_hands_over_when_another_one_comes()
    {
        _cluster.Directory.Alone = true;
        await using var first = await StartAsync();
        await RenewedAsync(first, times: 3); // The first says so, the last comes after what others gave out is refilled.
        var client = Connect.Client();
        Assert.Equal(101, (await first.RequestAsync(client)).Status);
        Assert.Equal(503, (await first.RequestAsync(client)).Status);
        Assert.Equal(0, Calls);

        _cluster.Directory.Alone = false;
        await _cluster.Directory.FrontEnd!.ShareConnectRate();
        await using var second = await StartAsync();
        Assert.Equal((503, "rate_limit"), (await second.RequestAsync(client)) is var reply ? (reply.Status, reply.Code) : default);

        // From now on both ask.
        _clock.Advance(TimeSpan.FromSeconds(1));
        var before = Keys;
        var replies = await Task.WhenAll(first.RequestAsync(client), second.RequestAsync(client));
        Assert.Single(replies, r => r.Status == 101);
        Assert.Equal(before + 2, Keys);
    }

    private Task<FrontEndHost> StartAsync(params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?> { ["FrontEnd:ConnectRate:Enabled"] = "true" };
        foreach (var (key, value) in settings)
            all[key] = value;
        return FrontEndHost.StartAsync(all, _clock, _cluster);
    }

    private async Task RenewedAsync(FrontEndHost host, int times)
    {
        for (var i = 0; i < times; i++)
            await host.AdvanceUntilAsync(_cluster.Directory.Renewals.NextAsync(), TimeSpan.FromMilliseconds(250));
    }
}
