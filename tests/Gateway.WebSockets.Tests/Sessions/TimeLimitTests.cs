using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Shared.Peers;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Gateway.WebSockets.Tests.Sessions;

public sealed class TimeLimitTests
{
    private const string Heartbeat = """{"topic":"phoenix","event":"heartbeat","payload":{},"ref":7}""";

    private readonly FakeTimeProvider _clock = new(Tickets.Now);

    [Theory]
    [InlineData("client", 307)]
    [InlineData("gateway", 37)]
    [InlineData("relay", 41)]
    public async Task A_silent_socket_is_closed_with_1002_after_its_roles_time_and_sends_nothing_before(string role, int seconds)
    {
        await using var host = await FrontEndHost.StartAsync(clock: _clock);
        using var peer = await host.OpenAsync(role switch
        {
            "client" => Connect.Client(),
            "gateway" => Connect.Gateway(),
            _ => Connect.Relay(),
        });
        await peer.SendTextAsync($$"""{"topic":"{{role}}","event":"phx_join","payload":{"stamp_secret":"s"},"ref":0}""");
        Assert.Contains("phx_reply", await peer.ReceiveTextAsync());
        Assert.Contains("init", await peer.ReceiveTextAsync());

        // Step by step, so that every timer of the process gets its chance to send something.
        for (var i = 0; i < seconds - 1; i++)
            await host.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.False(peer.HasBytes);

        // An answer to this shows that no byte came before it: no Ping, no Pong, no close.
        await peer.SendTextAsync(Heartbeat);
        Assert.Contains("\"ref\":7", await peer.ReceiveTextAsync());

        for (var i = 0; i < seconds - 1; i++)
            await host.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.False(peer.HasBytes);
        await host.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(1002, await peer.ReceiveCloseAsync());
    }

    [Fact]
    public async Task The_session_of_a_silent_socket_is_detached_even_if_the_peer_never_answers()
    {
        await using var host = await FrontEndHost.StartAsync(clock: _clock);
        using var peer = await host.JoinedClientAsync();
        var session = (await host.Cluster.Client.Attaches.NextAsync()).Session;
        await host.AdvanceAsync(TimeSpan.FromSeconds(308));
        Assert.Equal(1002, await peer.ReceiveCloseAsync());
        await host.AdvanceAsync(TimeSpan.FromSeconds(3));
        await peer.ReceiveEndAsync();
        Assert.Equal(session.SessionId, await host.Cluster.Client.Detaches.NextAsync());
    }

    [Fact]
    public async Task A_socket_that_does_not_join_is_closed_although_it_sends_heartbeats()
    {
        await using var host = await FrontEndHost.StartAsync(clock: _clock);
        using var peer = await host.OpenAsync(Connect.Client());
        for (var i = 0; i < 3; i++)
        {
            await host.AdvanceAsync(TimeSpan.FromSeconds(9));
            await peer.SendTextAsync(Heartbeat);
            Assert.Contains("\"ref\":7", await peer.ReceiveTextAsync());
        }

        await host.AdvanceAsync(TimeSpan.FromSeconds(4));
        Assert.Equal(1002, await peer.ReceiveCloseAsync());
    }

    [Fact]
    public async Task A_message_that_never_ends_does_not_keep_a_socket_alive()
    {
        await using var host = await FrontEndHost.StartAsync(new Dictionary<string, string?> { ["FrontEnd:JoinTimeout"] = "01:00:00" }, _clock);
        using var peer = await host.OpenAsync(Connect.Gateway());
        await peer.SendFrameAsync(RawFrame.TextOpcode, "{"u8.ToArray(), fin: false);
        for (var i = 0; i < 38; i++)
        {
            await peer.SendFrameAsync(RawFrame.Continuation, " "u8.ToArray(), fin: false);
            await host.AdvanceAsync(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1002, await peer.ReceiveCloseAsync());
    }
}
