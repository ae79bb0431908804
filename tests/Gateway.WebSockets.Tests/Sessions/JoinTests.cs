using System.Text;
using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Grains.Abstractions.FrontEnds;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Shared.Peers;
using Firezone.Wire.Relay;

namespace Firezone.Gateway.WebSockets.Tests.Sessions;

public sealed class JoinTests
{
    private const string JoinReply = """{"topic":"client","event":"phx_reply","payload":{"status":"ok","response":{}},"ref":0}""";
    private const string Init = """{"topic":"client","event":"init","payload":{"hello":true},"ref":null}""";

    [Fact]
    public async Task A_join_is_answered_before_init()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.OpenAsync(Connect.Client());
        await peer.SendTextAsync(FrontEndHost.Join);
        Assert.Equal(JoinReply, await peer.ReceiveTextAsync());
        Assert.Equal(Init, await peer.ReceiveTextAsync());

        var (session, resume) = await host.Cluster.Client.Attaches.NextAsync();
        Assert.Null(resume);
        Assert.Equal(Tickets.Now, session.OpenedAt);
        Assert.Equal(1, host.Cluster.References);
    }

    [Fact]
    public async Task Pushes_during_the_attach_come_after_init_in_their_order()
    {
        await using var host = await FrontEndHost.StartAsync();
        var client = host.Cluster.Client;
        client.OnAttach = async (session, _) =>
        {
            await session.FrontEnd.Push(session.SessionId, 0, "first", "1"u8.ToArray(), 2);
            await session.FrontEnd.PushMany([session.SessionId], "second", "2"u8.ToArray());
            await session.FrontEnd.Push(session.SessionId, 0, "third", "3"u8.ToArray(), 3);
            return FakeDevice.Attached("""{"hello":true}""", viewHash: 1);
        };
        using var peer = await host.OpenAsync(Connect.Client());
        await peer.SendTextAsync(FrontEndHost.Join);

        Assert.Equal(JoinReply, await peer.ReceiveTextAsync());
        Assert.Equal(Init, await peer.ReceiveTextAsync());
        Assert.Equal("""{"topic":"client","event":"first","payload":1,"ref":null}""", await peer.ReceiveTextAsync());
        Assert.Equal("""{"topic":"client","event":"second","payload":2,"ref":null}""", await peer.ReceiveTextAsync());
        Assert.Equal("""{"topic":"client","event":"third","payload":3,"ref":null}""", await peer.ReceiveTextAsync());
    }

    [Theory]
    [InlineData("/client/websocket", "gateway")]
    [InlineData("/client/websocket", "relay")]
    [InlineData("/client/websocket", "phoenix")]
    [InlineData("/client/websocket", "client:1")]
    public async Task A_join_of_another_topic_is_unmatched(string path, string topic)
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.OpenAsync(Connect.Client() with { Path = path });
        await peer.SendTextAsync($$"""{"topic":"{{topic}}","event":"phx_join","payload":null,"ref":0}""");
        Assert.Equal(
            $$$"""{"topic":"{{{topic}}}","event":"phx_reply","payload":{"status":"error","response":{"reason":"unmatched topic"}},"ref":0}""",
            await peer.ReceiveTextAsync());
    }

    [Fact]
    public async Task A_message_before_the_join_is_unmatched_and_the_peer_may_join_then()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.OpenAsync(Connect.Client());
        await peer.SendTextAsync("""{"topic":"client","event":"create_flow","payload":{},"ref":3}""");
        Assert.Contains("unmatched topic", await peer.ReceiveTextAsync());
        await peer.SendTextAsync(FrontEndHost.Join);
        Assert.Equal(JoinReply, await peer.ReceiveTextAsync());
    }

    [Fact]
    public async Task A_second_join_replaces_the_channel()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.JoinedClientAsync();
        var first = (await host.Cluster.Client.Attaches.NextAsync()).Session;

        await peer.SendTextAsync(FrontEndHost.Join.Replace(":0}", ":5}"));

        Assert.Equal("""{"topic":"client","event":"phx_close","payload":{},"ref":null}""", await peer.ReceiveTextAsync());
        Assert.Equal(JoinReply.Replace(":0}", ":5}"), await peer.ReceiveTextAsync());
        Assert.Equal(Init, await peer.ReceiveTextAsync());
        Assert.Equal(first.SessionId, await host.Cluster.Client.Detaches.NextAsync());
        var second = (await host.Cluster.Client.Attaches.NextAsync()).Session;
        Assert.NotEqual(first.SessionId, second.SessionId);
        Assert.True(second.OpenedAt > first.OpenedAt);

        // What is meant for the old session reaches nobody.
        await host.Cluster.Client.FrontEnd!.Push(first.SessionId, 0, "old", "1"u8.ToArray(), 0);
        await host.Cluster.Client.FrontEnd!.Push(second.SessionId, 0, "new", "2"u8.ToArray(), 0);
        Assert.Contains("\"new\"", await peer.ReceiveTextAsync());
    }

    [Fact]
    public async Task A_grain_of_the_same_process_pushes_to_the_socket_itself_until_the_session_ends()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var seen = new Measurements(host);
        using var peer = await host.JoinedClientAsync();
        var session = (await host.Cluster.Client.Attaches.NextAsync()).Session;
        var local = host.Service<LocalFrontEnd>();
        var socket = local.Find(session.SessionId)!;
        socket.Push(0, "direct", "1"u8.ToArray(), 0);
        Assert.Contains("\"direct\"", await peer.ReceiveTextAsync());

        await peer.SendTextAsync(FrontEndHost.Join.Replace(":0}", ":5}"));
        Assert.Equal(session.SessionId, await host.Cluster.Client.Detaches.NextAsync());
        socket.Push(0, "late", "1"u8.ToArray(), 0);
        Assert.Null(local.Find(session.SessionId));
        Assert.Equal(1, seen.Sum("pushes.dropped"));
        while (await peer.ReceiveTextAsync() is var text && !text.Contains("init", StringComparison.Ordinal))
            Assert.DoesNotContain("late", text);
    }

    [Fact]
    public async Task Version_2_frames_carry_the_join_ref()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.OpenAsync(Connect.Client().With("vsn", "2.0.0"));
        await peer.SendTextAsync("""[null,"1","phoenix","heartbeat",{}]""");
        Assert.Equal("""[null,"1","phoenix","phx_reply",{"status":"ok","response":{}}]""", await peer.ReceiveTextAsync());
        await peer.SendTextAsync("""["3","3","client","phx_join",{}]""");
        Assert.Equal("""["3","3","client","phx_reply",{"status":"ok","response":{}}]""", await peer.ReceiveTextAsync());
        Assert.Equal("""["3",null,"client","init",{"hello":true}]""", await peer.ReceiveTextAsync());

        await peer.SendTextAsync("""["4","4","client","phx_join",{}]""");
        Assert.Equal("""["3",null,"client","phx_close",{}]""", await peer.ReceiveTextAsync());
        Assert.Equal("""["4","4","client","phx_reply",{"status":"ok","response":{}}]""", await peer.ReceiveTextAsync());
        Assert.Equal("""["4",null,"client","init",{"hello":true}]""", await peer.ReceiveTextAsync());

        await peer.SendTextAsync("""["4","5","client","nonsense",{}]""");
        Assert.Equal("""["4","5","client","phx_reply",{"status":"error","response":{"reason":"unknown_message"}}]""", await peer.ReceiveTextAsync());

        var (session, _) = await host.Cluster.Client.Attaches.NextAsync();
        session = (await host.Cluster.Client.Attaches.NextAsync()).Session;
        await session.FrontEnd.PushMany([Guid.NewGuid(), session.SessionId], "many", "1"u8.ToArray());
        Assert.Equal("""["4",null,"client","many",1]""", await peer.ReceiveTextAsync());
    }

    [Fact]
    public async Task A_peer_that_leaves_is_not_joined_any_more_but_still_alive()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.JoinedClientAsync();
        await peer.SendTextAsync("""{"topic":"client","event":"phx_leave","payload":{},"ref":4}""");
        Assert.Equal("""{"topic":"client","event":"phx_reply","payload":{"status":"ok","response":{}},"ref":4}""", await peer.ReceiveTextAsync());
        var session = (await host.Cluster.Client.Attaches.NextAsync()).Session;
        Assert.Equal(session.SessionId, await host.Cluster.Client.Detaches.NextAsync());

        await peer.SendTextAsync("""{"topic":"client","event":"create_flow","payload":{},"ref":5}""");
        Assert.Contains("unmatched topic", await peer.ReceiveTextAsync());
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"stamp_secret":""}""")]
    [InlineData("""{"stamp_secret":1}""")]
    public async Task A_relay_without_a_secret_is_told_that_its_join_crashed(string payload)
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.OpenAsync(Connect.Relay());
        await peer.SendTextAsync($$"""{"topic":"relay","event":"phx_join","payload":{{payload}},"ref":0}""");
        Assert.Equal(
            """{"topic":"relay","event":"phx_reply","payload":{"status":"error","response":{"reason":"join crashed"}},"ref":0}""",
            await peer.ReceiveTextAsync());
    }

    [Fact]
    public async Task A_relay_is_found_by_its_secret()
    {
        await using var host = await FrontEndHost.StartAsync();
        host.Cluster.Relay.OnAttach = (_, _) => Task.FromResult(FakeDevice.Attached("{}"));
        using var peer = await host.OpenAsync(Connect.Relay());
        await peer.SendTextAsync("""{"topic":"relay","event":"phx_join","payload":{"stamp_secret":"s"},"ref":0}""");
        Assert.Contains("\"ok\"", await peer.ReceiveTextAsync());
        Assert.Equal("""{"topic":"relay","event":"init","payload":{},"ref":null}""", await peer.ReceiveTextAsync());
        Assert.Equal([RelayIds.FromStampSecret("s")], host.Cluster.RelayKeys);

        await peer.SendTextAsync("""{"topic":"relay","event":"create_flow","payload":{},"ref":1}""");
        Assert.Contains("unknown_message", await peer.ReceiveTextAsync());
    }

    [Fact]
    public async Task A_superseded_session_is_closed_without_a_word()
    {
        await using var host = await FrontEndHost.StartAsync();
        host.Cluster.Client.OnAttach = (_, _) => Task.FromResult(new AttachResult(AttachStatus.Superseded, null, 0, FakeDevice.Silo));
        using var peer = await host.OpenAsync(Connect.Client());
        await peer.SendTextAsync(FrontEndHost.Join);
        var frame = await peer.ReceiveFrameAsync();
        Assert.Equal((RawFrame.CloseOpcode, 1000), (frame.Opcode, frame.CloseCode));
    }

    [Fact]
    public async Task A_device_that_is_gone_gets_phx_close()
    {
        await using var host = await FrontEndHost.StartAsync();
        host.Cluster.Client.OnAttach = (_, _) => Task.FromResult(new AttachResult(AttachStatus.Gone, null, 0, FakeDevice.Silo));
        using var peer = await host.OpenAsync(Connect.Client());
        await peer.SendTextAsync(FrontEndHost.Join);
        Assert.Equal("""{"topic":"client","event":"phx_close","payload":{},"ref":null}""", await peer.ReceiveTextAsync());
        Assert.Equal(1000, await peer.ReceiveCloseAsync());
    }

    [Fact]
    public async Task A_failing_attach_is_repeated()
    {
        await using var host = await FrontEndHost.StartAsync();
        var attempts = 0;
        host.Cluster.Client.OnAttach = (_, _) => ++attempts < 3
            ? throw new InvalidOperationException("not yet")
            : Task.FromResult(FakeDevice.Attached("""{"hello":true}"""));
        using var peer = await host.OpenAsync(Connect.Client());
        await peer.SendTextAsync(FrontEndHost.Join);
        Assert.Equal(JoinReply, await peer.ReceiveTextAsync());
        Assert.Equal(3, attempts);
    }

    [Fact]
    public async Task An_attach_that_goes_on_failing_closes_the_socket_with_1011_and_without_a_reply()
    {
        await using var host = await FrontEndHost.StartAsync(new Dictionary<string, string?> { ["FrontEnd:AttachTimeout"] = "00:00:00.3" });
        host.Cluster.Client.OnAttach = (_, _) => throw new InvalidOperationException("never");
        using var peer = await host.OpenAsync(Connect.Client());
        await peer.SendTextAsync(FrontEndHost.Join);
        var frame = await peer.ReceiveFrameAsync();
        Assert.Equal((RawFrame.CloseOpcode, 1011), (frame.Opcode, frame.CloseCode));
        await host.Cluster.Client.Detaches.NextAsync();
    }

    [Fact]
    public async Task The_end_of_a_socket_detaches_its_session_however_it_ends()
    {
        await using var host = await FrontEndHost.StartAsync();
        using (var peer = await host.JoinedClientAsync())
        {
            var session = (await host.Cluster.Client.Attaches.NextAsync()).Session;
            await peer.SendCloseAsync(1000);
            Assert.Equal(session.SessionId, await host.Cluster.Client.Detaches.NextAsync());
        }

        var reset = await host.JoinedClientAsync();
        var broken = (await host.Cluster.Client.Attaches.NextAsync()).Session;
        reset.Reset();
        Assert.Equal(broken.SessionId, await host.Cluster.Client.Detaches.NextAsync());
    }

    [Fact]
    public async Task A_failing_detach_is_repeated()
    {
        await using var host = await FrontEndHost.StartAsync();
        var attempts = 0;
        host.Cluster.Client.OnDetach = () => ++attempts < 3 ? throw new TimeoutException() : Task.CompletedTask;
        using var peer = await host.JoinedClientAsync();
        await peer.SendCloseAsync(1000);
        var session = await host.Cluster.Client.Detaches.NextAsync();
        Assert.Equal(session, await host.Cluster.Client.Detaches.NextAsync());
        Assert.Equal(session, await host.Cluster.Client.Detaches.NextAsync());
    }

    [Theory]
    [InlineData(CloseReason.Superseded, 1000, false)]
    [InlineData(CloseReason.TokenRevoked, 1011, false)]
    [InlineData(CloseReason.ServerError, 1011, false)]
    [InlineData(CloseReason.DeviceDeleted, 1000, true)]
    public async Task A_grain_may_end_the_socket(CloseReason reason, int code, bool phxClose)
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.JoinedClientAsync();
        var session = (await host.Cluster.Client.Attaches.NextAsync()).Session;
        await session.FrontEnd.Push(session.SessionId, 0, "last", Encoding.UTF8.GetBytes("1"), 0);
        await session.FrontEnd.Close(session.SessionId, reason);

        Assert.Contains("\"last\"", await peer.ReceiveTextAsync());
        if (phxClose)
            Assert.Contains("phx_close", await peer.ReceiveTextAsync());
        var frame = await peer.ReceiveFrameAsync();
        Assert.Equal((RawFrame.CloseOpcode, code), (frame.Opcode, frame.CloseCode));
        await peer.SendCloseAsync(1000);
        await peer.ReceiveEndAsync();
        Assert.Equal(session.SessionId, await host.Cluster.Client.Detaches.NextAsync());
    }

    [Fact]
    public async Task Messages_for_unknown_sessions_are_dropped()
    {
        await using var host = await FrontEndHost.StartAsync();
        var observer = host.Service<Firezone.Gateway.WebSockets.Cluster.FrontEndObserver>();
        await observer.Push(Guid.NewGuid(), 0, "x", "1"u8.ToArray(), 0);
        await observer.PushMany([Guid.NewGuid()], "x", "1"u8.ToArray());
        await observer.Reply(Guid.NewGuid(), "1", true, "{}"u8.ToArray());
        await observer.Close(Guid.NewGuid(), CloseReason.Superseded);
        Assert.Equal(0, host.Service<SessionRegistry>().Count);
    }
}
