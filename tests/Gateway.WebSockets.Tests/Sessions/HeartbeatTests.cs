using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Shared.Peers;

namespace Firezone.Gateway.WebSockets.Tests.Sessions;

public sealed class HeartbeatTests
{
    [Fact]
    public async Task A_heartbeat_is_answered_before_the_join()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.OpenAsync(Connect.Client());

        await peer.SendTextAsync("""{"topic":"phoenix","event":"heartbeat","payload":{},"ref":7}""");

        Assert.Equal(
            """{"topic":"phoenix","event":"phx_reply","payload":{"status":"ok","response":{}},"ref":7}""", await peer.ReceiveTextAsync());
    }

    [Fact]
    public async Task A_heartbeat_is_answered_after_the_join_and_asks_no_grain()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.JoinedClientAsync();

        await peer.SendTextAsync("""{"topic":"phoenix","event":"heartbeat","payload":{},"ref":8}""");

        Assert.Contains("\"ref\":8", await peer.ReceiveTextAsync());
        Assert.True(host.Cluster.Client.Flows.IsEmpty);
    }
}
