using Firezone.Edge.PortalClient.PortalEvents;
using Firezone.Edge.Tests.PortalClient.Support;

namespace Firezone.Edge.Tests.PortalClient;

/// <summary>What a device does about each answer to its upgrade.</summary>
public sealed class RefusalTests
{
    // After a join the first delay is half a second; Retry-After replaces it, whatever the status.
    [Theory]
    [InlineData(301, null, 0.5)]
    [InlineData(400, null, 0.5)]
    [InlineData(402, null, 0.5)]
    [InlineData(403, null, 0.5)]
    [InlineData(404, null, 0.5)]
    [InlineData(408, null, 0.5)]
    [InlineData(422, null, 0.5)]
    [InlineData(429, null, 0.5)]
    [InlineData(500, null, 0.5)]
    [InlineData(503, null, 0.5)]
    [InlineData(200, null, 0.5)]
    [InlineData(403, "7", 7)]
    [InlineData(408, "7", 7)]
    [InlineData(422, "7", 7)]
    [InlineData(429, "7", 7)]
    [InlineData(500, "7", 7)]
    [InlineData(503, "1", 1)]
    [InlineData(503, "0", 1)]
    [InlineData(503, "Wed, 04 Feb 2026 12:01:00 GMT", 60)]
    [InlineData(503, "Wed, 04 Feb 2026 11:00:00 GMT", 1)]
    [InlineData(503, "4294967296", 300)]
    [InlineData(503, "-1", 0.5)]
    [InlineData(503, "12.5", 0.5)]
    [InlineData(503, "soon", 0.5)]
    public async Task Every_refusal_but_401_is_retried(int status, string? retryAfter, double seconds)
    {
        await using var portal = new FakePortal();
        await using var device = new Device(portal);
        (await portal.JoinedAsync()).Abort();
        await device.ExpectAsync<PortalJoined>();
        await device.ExpectAsync<PortalHiccup>();
        device.Channel.Reconnect();

        string[] headers = retryAfter is null ? [] : ["Retry-After: " + retryAfter];
        await (await portal.RequestAsync()).RefuseAsync(status, [.. headers, "Location: /elsewhere"]);

        var hiccup = await device.ExpectAsync<PortalHiccup>();
        Assert.Equal(TimeSpan.FromSeconds(seconds), hiccup.Delay);
        Assert.Contains($"HTTP {status}", hiccup.Error, StringComparison.Ordinal);
        device.Time.Advance(hiccup.Delay - TimeSpan.FromMilliseconds(1));
        Assert.False(portal.HasRequest);
        device.Time.Advance(TimeSpan.FromMilliseconds(1));
        await portal.RequestAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Retry-After: 5")]
    public async Task A_401_ends_the_channel_at_once(string? header)
    {
        await using var portal = new FakePortal();
        await using var device = new Device(portal);

        await (await portal.RequestAsync()).RefuseAsync(401, header is null ? [] : [header]);

        Assert.Equal(FatalReason.InvalidToken, (await device.ExpectAsync<PortalFatal>()).Reason);
        Assert.Equal(FatalReason.InvalidToken, (await device.EndAsync())?.Reason);
        device.Time.Advance(TimeSpan.FromHours(1));
        Assert.False(portal.HasRequest);
    }

    [Fact]
    public async Task Before_the_first_join_a_device_tries_every_second_and_gives_up_after_fifteen()
    {
        await using var portal = new FakePortal();
        await using var device = new Device(portal);

        for (var attempt = 0; attempt < 15; attempt++)
        {
            (await portal.RequestAsync()).Drop();
            Assert.Equal(TimeSpan.FromSeconds(1), (await device.ExpectAsync<PortalHiccup>()).Delay);
            device.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await (await portal.RequestAsync()).RefuseAsync(502);
        var fatal = await device.ExpectAsync<PortalFatal>();
        Assert.Equal(FatalReason.GaveUp, fatal.Reason);
        Assert.Contains("HTTP 502", fatal.Detail, StringComparison.Ordinal);
        Assert.Equal(fatal, await device.EndAsync());
    }

    [Fact]
    public async Task A_portal_that_accepts_and_stays_silent_is_left_after_fifteen_seconds()
    {
        await using var portal = new FakePortal();
        await using var device = new Device(portal);
        await portal.RequestAsync();

        device.Time.Advance(TimeSpan.FromSeconds(15));

        Assert.Contains("upgrade", (await device.ExpectAsync<PortalHiccup>()).Error, StringComparison.Ordinal);
        device.Time.Advance(TimeSpan.FromSeconds(1));
        await portal.JoinedAsync();
        await device.ExpectAsync<PortalJoined>();
    }
}
