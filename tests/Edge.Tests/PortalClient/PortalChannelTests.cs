using System.Net;
using Firezone.Edge.PortalClient;
using Firezone.Edge.PortalClient.Addressing;
using Firezone.Edge.PortalClient.Outgoing;
using Firezone.Edge.PortalClient.PortalEvents;
using Firezone.Edge.Tests.PortalClient.Support;

namespace Firezone.Edge.Tests.PortalClient;

public sealed class PortalChannelTests
{
    [Fact]
    public async Task The_upgrade_request_looks_like_that_of_a_native_device()
    {
        await using var portal = new FakePortal();
        await using var device = new Device(portal);

        var request = await portal.RequestAsync();

        Assert.Equal(
            "/client/websocket?external_id=device%201&public_key=a%2Bb%2FAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D", request.Target);
        Assert.Equal("Bearer secret", request.Headers["X-Authorization"].Single());
        Assert.Equal("Ubuntu/24.4.0 headless-client/1.5.7 (x86_64; 6.8.0)", request.Headers["User-Agent"].Single());
        Assert.Equal("127.0.0.1", request.Headers["Host"].Single());
        Assert.Equal("13", request.Headers["Sec-WebSocket-Version"].Single());
        Assert.Empty(request.Headers["Sec-WebSocket-Extensions"]);
        Assert.Empty(request.Headers["Origin"]);
    }

    [Theory]
    [InlineData(PortalRole.Client, "client", "null")]
    [InlineData(PortalRole.Gateway, "gateway", "null")]
    [InlineData(PortalRole.Relay, "relay", """{"stamp_secret":"stamp"}""")]
    public async Task A_join_carries_the_payload_of_its_role(PortalRole role, string topic, string payload)
    {
        await using var portal = new FakePortal();
        await using var device = new Device(portal, role);

        var socket = await portal.AcceptedAsync();
        var join = await socket.ExpectAsync("phx_join");

        Assert.Equal(topic, join.GetProperty("topic").GetString());
        Assert.Equal(payload, join.GetProperty("payload").GetRawText());
        Assert.Equal("0", join.GetProperty("ref").GetRawText());
    }

    [Fact]
    public async Task Pushes_arrive_in_order_after_the_join()
    {
        await using var portal = new FakePortal();
        await using var device = new Device(portal);
        var socket = await portal.JoinedAsync();
        await socket.PushAsync("client", "init", """{"resources":[]}""");
        await socket.PushAsync("client", "resource_deleted", "\"x\"");

        Assert.Equal(1, (await device.ExpectAsync<PortalJoined>()).Attempt);
        Assert.Equal("init", (await device.ExpectAsync<PortalMessage>()).Event);
        var deleted = await device.ExpectAsync<PortalMessage>();
        Assert.Equal("\"x\""u8, deleted.Payload.Span);
    }

    [Fact]
    public async Task A_cancelled_channel_says_goodbye_with_a_close_frame()
    {
        await using var portal = new FakePortal();
        await using var device = new Device(portal);
        var socket = await portal.JoinedAsync();
        await device.ExpectAsync<PortalJoined>();

        await device.StopAsync();

        Assert.Null(await socket.FrameAsync());
        await socket.CloseAsync(1000);
        Assert.Null(await device.EndAsync());
    }

    [Fact]
    public async Task Messages_wait_for_the_join_and_leave_in_order()
    {
        await using var portal = new FakePortal();
        await using var device = new Device(portal);
        Assert.Equal(SendOutcome.Accepted, device.Channel.TrySend("first", "{}"u8.ToArray()));
        Assert.Equal(SendOutcome.Accepted, device.Channel.TrySend("second", "{}"u8.ToArray()));
        Assert.Equal(SendOutcome.Duplicate, device.Channel.TrySend("first", "{}"u8.ToArray()));

        var socket = await portal.JoinedAsync();

        Assert.Equal("1", (await socket.ExpectAsync("first")).GetProperty("ref").GetRawText());
        Assert.Equal("2", (await socket.ExpectAsync("second")).GetProperty("ref").GetRawText());
    }

    [Fact]
    public async Task A_reply_names_the_request_it_answers()
    {
        await using var portal = new FakePortal();
        await using var device = new Device(portal);
        var socket = await portal.JoinedAsync();
        await device.ExpectAsync<PortalJoined>();
        device.Channel.TrySend("nonsense", "{}"u8.ToArray());

        await socket.ReplyAsync(await socket.ExpectAsync("nonsense"), "error", """{"reason":"unknown_message"}""");

        var reply = await device.ExpectAsync<PortalReply>();
        Assert.Equal(("nonsense", false), (reply.Request, reply.Ok));
        Assert.Equal("""{"reason":"unknown_message"}"""u8, reply.Response.Span);
    }

    [Fact]
    public async Task Unreadable_messages_are_skipped()
    {
        await using var portal = new FakePortal();
        await using var device = new Device(portal);
        var socket = await portal.JoinedAsync();
        await device.ExpectAsync<PortalJoined>();

        await socket.SendAsync("");
        await socket.SendAsync("[1,2]");
        await socket.SendAsync("""{"topic":"client","event":"phx_reply","ref":"0","payload":{}}""");
        await socket.SendAsync("""{"topic":"client","event":"phx_error","ref":null,"payload":{}}""");
        await socket.PushAsync("client", "disconnect", """{"reason":"something else"}""");
        await socket.PushAsync("client", "init", "{}");

        Assert.Equal("init", (await device.ExpectAsync<PortalMessage>()).Event);
    }

    [Fact]
    public async Task A_reader_that_stops_reading_slows_the_portal_down_and_loses_nothing()
    {
        await using var portal = new FakePortal();
        await using var device = new Device(portal);
        var socket = await portal.JoinedAsync();
        await device.ExpectAsync<PortalJoined>();

        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < 2000; i++)
                await socket.PushAsync("client", "resource_deleted", i.ToString());
        });

        for (var i = 0; i < 2000; i++)
            Assert.Equal(i.ToString(), System.Text.Encoding.UTF8.GetString((await device.ExpectAsync<PortalMessage>()).Payload.Span));
        await sending;
    }

    [Fact]
    public async Task All_addresses_of_a_name_are_tried_at_once()
    {
        // The name stands for an IPv6 address too on most machines, and nobody listens there.
        await using var portal = new FakePortal();
        var url = $"ws://localhost:{portal.Port}";
        await using var device = new Device(portal, change: options => options with { Portal = PortalAddress.Parse(url) });

        await portal.JoinedAsync();

        await device.ExpectAsync<PortalJoined>();
    }

    [Fact]
    public async Task A_device_connects_from_the_address_it_was_given()
    {
        await using var portal = new FakePortal();
        await using var device = new Device(portal, change: options => options with { SourceAddress = IPAddress.Parse("127.0.0.9") });

        Assert.Equal("127.0.0.9", (await portal.RequestAsync()).Peer);
    }

    [Fact]
    public async Task A_channel_runs_only_once()
    {
        await using var portal = new FakePortal();
        await using var device = new Device(portal);

        await Assert.ThrowsAsync<InvalidOperationException>(() => device.Channel.RunAsync(CancellationToken.None));
    }
}
