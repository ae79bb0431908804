using System.Net;
using Firezone.Gateway.WebSockets.Options;
using Firezone.Gateway.WebSockets.RateLimiting;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Gateway.WebSockets.Tests.RateLimiting;

public sealed class LocalConnectRateLimiterTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void The_first_attempt_of_each_clock_second_passes()
    {
        var limiter = Create();
        var key = Key("203.0.113.1", "Bearer a");
        Assert.True(limiter.TryAcquire(key));
        _clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(limiter.TryAcquire(key));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(limiter.TryAcquire(key));
        Assert.False(limiter.TryAcquire(key));
    }

    [Fact]
    public void A_denied_attempt_costs_nothing_and_patience_is_not_saved_up()
    {
        var limiter = Create();
        var key = Key("203.0.113.1", "Bearer a");
        Assert.True(limiter.TryAcquire(key));
        for (var i = 0; i < 100; i++)
            Assert.False(limiter.TryAcquire(key));
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.True(limiter.TryAcquire(key));
        Assert.False(limiter.TryAcquire(key));
    }

    [Fact]
    public void A_clock_that_is_set_back_does_not_lock_peers_out()
    {
        var limiter = Create();
        var key = Key("203.0.113.1", "Bearer a");
        Assert.True(limiter.TryAcquire(key));
        _clock.AdjustTime(_clock.GetUtcNow() - TimeSpan.FromHours(1));
        Assert.True(limiter.TryAcquire(key));
        Assert.False(limiter.TryAcquire(key));
    }

    [Fact]
    public void Addresses_and_credentials_have_buckets_of_their_own()
    {
        var limiter = Create();
        Assert.True(limiter.TryAcquire(Key("203.0.113.1", "Bearer a")));
        Assert.True(limiter.TryAcquire(Key("203.0.113.2", "Bearer a")));
        Assert.True(limiter.TryAcquire(Key("203.0.113.1", "Bearer b")));
        Assert.True(limiter.TryAcquire(Key("203.0.113.1", null)));
        Assert.False(limiter.TryAcquire(Key("203.0.113.1", null)));
    }

    [Fact]
    public void Capacity_and_refill_can_be_set()
    {
        var limiter = Create(capacity: 3, refill: 0.5);
        var key = Key("203.0.113.1", null);
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => limiter.TryAcquire(key)));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(limiter.TryAcquire(key));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(limiter.TryAcquire(key));
    }

    [Fact]
    public void More_keys_than_places_do_not_grow_the_table()
    {
        var limiter = Create();
        var keys = Enumerable.Range(0, 200_000).Select(i => new ConnectRateKey((ulong)i + 1)).ToArray();
        limiter.TryAcquire(keys[0]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var key in keys)
            limiter.TryAcquire(key);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);

        // The most recent keys are still remembered.
        Assert.False(limiter.TryAcquire(keys[^1]));
    }

    [Fact]
    public void The_key_depends_on_the_whole_header_however_long_it_is()
    {
        var token = new string('x', 10_000);
        Assert.Equal(Key("203.0.113.1", $"Bearer {token}"), Key("203.0.113.1", $"Bearer {token}"));
        Assert.NotEqual(Key("203.0.113.1", $"Bearer {token}a"), Key("203.0.113.1", $"Bearer {token}b"));
        Assert.NotEqual(Key("203.0.113.1", ""), Key("203.0.113.1", null));
    }

    private static ConnectRateKey Key(string address, string? authorization) => ConnectRateKey.Create(IPAddress.Parse(address), authorization);

    private LocalConnectRateLimiter Create(double capacity = 1, double refill = 1) => new(
        Microsoft.Extensions.Options.Options.Create(
            new FrontEndOptions { ConnectRate = new ConnectRateOptions { Capacity = capacity, RefillPerSecond = refill } }),
        _clock);
}
