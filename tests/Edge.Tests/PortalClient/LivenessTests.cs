using System.Net.WebSockets;
using Firezone.Edge.PortalClient.PortalEvents;
using Firezone.Edge.Tests.PortalClient.Support;

namespace Firezone.Edge.Tests.PortalClient;

/// <summary>Joining, heartbeats, and the ways in which a live socket ends.</summary>
public sealed class LivenessTests
{
    [Fact]
    public async Task An_unanswered_join_is_a_hiccup_after_five_seconds_and_the_delays_grow()
    {
        await using var portal = new FakePortal();
        await using var device = new Device(portal);
        (await portal.JoinedAsync()).Abort();
        await device.ExpectAsync<PortalJoined>();
        var hiccup = await device.ExpectAsync<PortalHiccup>();

        foreach (var expected in new[] { 0.75, 1.125, 1.6875 })
        {
            device.Time.Advance(hiccup.Delay);
            var socket = await portal.AcceptedAsync();
            await socket.ExpectAsync("phx_join");
            device.Time.Advance(TimeSpan.FromSeconds(5));
            hiccup = await device.ExpectAsync<PortalHiccup>();
            Assert.Equal(expected, hiccup.Delay.TotalSeconds, 4);
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("""{"id":1}""")]
    public async Task A_join_is_acknowledged_by_an_empty_object_only(string response)
    {
        await using var portal = new FakePortal();
        await using var device = new Device(portal);
        var socket = await portal.AcceptedAsync();
        await socket.ReplyAsync(await socket.ExpectAsync("phx_join"), "ok", response);
        await socket.PushAsync("client", "init", "{}");
        await device.ExpectAsync<PortalMessage>();

        device.Time.Advance(TimeSpan.FromSeconds(5));

        await device.ExpectAsync<PortalHiccup>();
    }

    [Fact]
    public async Task A_refused_join_is_fatal()
    {
        await using var portal = new FakePortal();
        await using var device = new Device(portal);
        var socket = await portal.AcceptedAsync();
        await socket.ReplyAsync(await socket.ExpectAsync("phx_join"), "error", """{"reason":"join crashed"}""");

        var fatal = await device.ExpectAsync<PortalFatal>();

        Assert.Equal(FatalReason.LoginFailed, fatal.Reason);
        Assert.Contains("join crashed", fatal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_but_the_join_is_written_before_its_answer()
    {
        await using var portal = new FakePortal();
        await using var device = new Device(portal);
        device.Channel.TrySend("early", "{}"u8.ToArray());
        var socket = await portal.AcceptedAsync();
        var join = await socket.ExpectAsync("phx_join");
        device.Channel.TrySend("later", "{}"u8.ToArray());

        var next = socket.FrameAsync();
        Assert.False(next.IsCompleted);
        await socket.ReplyAsync(join, "ok", "{}");

        Assert.Equal("early", (await next)!.Value.GetProperty("event").GetString());
        await socket.ExpectAsync("later");
    }

    [Fact]
    public async Task A_heartbeat_follows_thirty_seconds_without_a_message()
    {
        await using var portal = new FakePortal();
        await using var device = new Device(portal);
        var socket = await portal.JoinedAsync();
        await device.ExpectAsync<PortalJoined>();

        device.Time.Advance(TimeSpan.FromSeconds(20));
        device.Channel.TrySend("hello", "{}"u8.ToArray());
        await socket.ExpectAsync("hello");
        device.Time.Advance(TimeSpan.FromSeconds(29));
        var next = socket.FrameAsync();
        Assert.False(next.IsCompleted);
        device.Time.Advance(TimeSpan.FromSeconds(1));

        var heartbeat = (await next)!.Value;
        Assert.Equal("""{"topic":"phoenix","event":"heartbeat","payload":{},"ref":2}""", heartbeat.GetRawText());
    }

    [Fact]
    public async Task A_portal_that_answers_heartbeats_is_kept_and_one_that_stops_is_left()
    {
        await using var portal = new FakePortal();
        await using var device = new Device(portal);
        var socket = await portal.JoinedAsync();
        await device.ExpectAsync<PortalJoined>();

        for (var i = 0; i < 10; i++)
        {
            device.Time.Advance(TimeSpan.FromSeconds(30));
            await socket.ReplyAsync(await socket.ExpectAsync("heartbeat"), "ok", "{}");
            await socket.PushAsync("client", "marker", i.ToString());
            await device.ExpectAsync<PortalMessage>();
        }

        for (var i = 0; i < 3; i++)
        {
            device.Time.Advance(TimeSpan.FromSeconds(30));
            await socket.ExpectAsync("heartbeat");
        }

        device.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Contains("heartbeats", (await device.ExpectAsync<PortalHiccup>()).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1011)]
    [InlineData(1012)]
    public async Task A_close_frame_is_answered_and_followed_by_a_new_connection(int code)
    {
        await using var portal = new FakePortal();
        await using var device = new Device(portal);
        var socket = await portal.JoinedAsync();
        await device.ExpectAsync<PortalJoined>();

        await socket.CloseAsync(code);

        Assert.Null(await socket.FrameAsync());
        var hiccup = await device.ExpectAsync<PortalHiccup>();
        Assert.Contains(code.ToString(), hiccup.Error, StringComparison.Ordinal);
        device.Time.Advance(hiccup.Delay);
        await portal.JoinedAsync();
        await device.ExpectAsync<PortalJoined>();
    }

    [Fact]
    public async Task A_closed_channel_is_opened_anew_on_another_socket()
    {
        await using var portal = new FakePortal();
        await using var device = new Device(portal);
        var socket = await portal.JoinedAsync();
        await device.ExpectAsync<PortalJoined>();

        await socket.PushAsync("client", "phx_close", "{}");

        var hiccup = await device.ExpectAsync<PortalHiccup>();
        Assert.Null(await socket.FrameAsync());
        device.Time.Advance(hiccup.Delay);
        await portal.JoinedAsync();
    }

    [Fact]
    public async Task An_expired_token_ends_the_channel()
    {
        await using var portal = new FakePortal();
        await using var device = new Device(portal);
        var socket = await portal.JoinedAsync();
        await device.ExpectAsync<PortalJoined>();

        await socket.PushAsync("client", "disconnect", """{"reason":"token_expired"}""");

        Assert.Equal(FatalReason.TokenExpired, (await device.ExpectAsync<PortalFatal>()).Reason);
    }

    [Fact]
    public async Task A_forgotten_topic_is_joined_again_on_the_same_socket()
    {
        await using var portal = new FakePortal();
        await using var device = new Device(portal);
        var socket = await portal.JoinedAsync();
        await device.ExpectAsync<PortalJoined>();
        device.Channel.TrySend("question", "{}"u8.ToArray());
        await socket.ReplyAsync(await socket.ExpectAsync("question"), "error", """{"reason":"unmatched topic"}""");

        var join = await socket.ExpectAsync("phx_join");
        Assert.Equal("2", join.GetProperty("ref").GetRawText());
        device.Channel.TrySend("held", "{}"u8.ToArray());
        await socket.ReplyAsync(join, "ok", "{}");

        Assert.Equal(1, (await device.ExpectAsync<PortalJoined>()).Attempt);
        await socket.ExpectAsync("held");
    }

    [Fact]
    public async Task A_reconnect_abandons_the_old_socket_and_presents_the_new_key()
    {
        await using var portal = new FakePortal();
        await using var device = new Device(portal);
        var old = await portal.JoinedAsync();
        await device.ExpectAsync<PortalJoined>();

        device.Channel.Reconnect("newkey");

        var request = await portal.RequestAsync();
        Assert.EndsWith("public_key=newkey", request.Target, StringComparison.Ordinal);
        await Assert.ThrowsAsync<WebSocketException>(old.FrameAsync);
        var socket = await request.AcceptAsync();
        await socket.AnswerJoinAsync();
        Assert.Equal(2, (await device.ExpectAsync<PortalJoined>()).Attempt);
    }

    [Fact]
    public async Task A_reconnect_during_a_long_wait_starts_at_once()
    {
        await using var portal = new FakePortal();
        await using var device = new Device(portal);
        await (await portal.RequestAsync()).RefuseAsync(503, "Retry-After: 300");
        await device.ExpectAsync<PortalHiccup>();

        device.Channel.Reconnect();

        await portal.JoinedAsync();
        await device.ExpectAsync<PortalJoined>();
    }

    [Fact]
    public async Task A_hundred_lost_sockets_leave_nothing_behind()
    {
        await using var portal = new FakePortal();
        await using var device = new Device(portal);
        for (var i = 0; i < 100; i++)
        {
            (await portal.JoinedAsync()).Abort();
            Assert.Equal(i + 1, (await device.ExpectAsync<PortalJoined>()).Attempt);
            device.Time.Advance((await device.ExpectAsync<PortalHiccup>()).Delay);
        }

        await portal.JoinedAsync();
        await device.ExpectAsync<PortalJoined>();
        Assert.InRange(device.Channel.RunningTasks, 1, 3);
    }
}
