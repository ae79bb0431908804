using System.Text.Json.Nodes;
using Firezone.EndToEnd.Peers;
using Firezone.Shared.Peers;

namespace Firezone.EndToEnd.Replicas;

/// <summary>A gateway that acknowledges every flow and sends heartbeats, as gateways do.</summary>
internal sealed class FleetGateway : IAsyncDisposable
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    private readonly V1Peer _peer;
    private readonly Task _running;
    private int _acknowledged;

    private FleetGateway(V1Peer peer)
    {
        _peer = peer;
        _running = Task.Run(RunAsync);
    }

    /// <summary>Its socket is open, as far as is known.</summary>
    public bool IsConnected => !_running.IsCompleted;

    /// <summary>How many flows it has acknowledged.</summary>
    public int Acknowledged => Volatile.Read(ref _acknowledged);

    public static async Task<FleetGateway> ConnectAsync(int port, Connect connect)
    {
        var peer = await V1Peer.ConnectAsync(port, "gateway", connect);
        await peer.JoinAsync();
        return new FleetGateway(peer);
    }

    public async ValueTask DisposeAsync()
    {
        _peer.Socket.Reset();
        await _running;
    }

    // One after the other on one socket, so reading and writing are in one loop.
    private async Task RunAsync()
    {
        var reading = _peer.Socket.ReceiveFrameAsync();
        using var timer = new PeriodicTimer(Heartbeat, TimeProvider.System);
        var due = timer.WaitForNextTickAsync().AsTask();
        try
        {
            while (true)
            {
                if (await Task.WhenAny(reading, due) == due)
                {
                    await _peer.Socket.SendTextAsync("""{"topic":"phoenix","event":"heartbeat","payload":{},"ref":900000}""");
                    due = timer.WaitForNextTickAsync().AsTask();
                    continue;
                }

                var frame = await reading;
                if (frame.Opcode == RawFrame.CloseOpcode)
                    return;
                await ActAsync(JsonNode.Parse(frame.Text)!);
                reading = _peer.Socket.ReceiveFrameAsync();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The end of the socket.
        }
    }

    private async Task ActAsync(JsonNode frame)
    {
        if (frame["event"]!.GetValue<string>() != "authorize_flow")
            return;
        await _peer.SendAsync("flow_authorized", $$"""{"ref":"{{frame["payload"]!["ref"]}}"}""");
        Interlocked.Increment(ref _acknowledged);
    }
}
