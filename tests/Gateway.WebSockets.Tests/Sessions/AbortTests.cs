using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Gateway.WebSockets.Tests.Support;

namespace Firezone.Gateway.WebSockets.Tests.Sessions;

public sealed class AbortTests
{
    [Fact]
    public async Task A_socket_that_has_ended_may_still_be_closed_swept_and_aborted()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.JoinedClientAsync();
        var registry = host.Service<SessionRegistry>();
        var connection = registry.Connections.Single();
        await peer.SendCloseAsync(1000);
        await peer.ReceiveEndAsync();
        await host.App.StopAsync();

        connection.Close(System.Net.WebSockets.WebSocketCloseStatus.ProtocolError);
        connection.Sweep(long.MaxValue);
        connection.Abort();
        Assert.Empty(registry.Connections);
    }

    [Fact]
    public async Task An_aborted_socket_is_detached()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.JoinedClientAsync();
        var session = (await host.Cluster.Client.Attaches.NextAsync()).Session;
        host.Service<SessionRegistry>().Connections.Single().Abort();
        await peer.ReceiveEndAsync();
        Assert.Equal(session.SessionId, await host.Cluster.Client.Detaches.NextAsync());
    }
}
