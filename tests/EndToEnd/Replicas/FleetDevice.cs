using System.Text.Json.Nodes;
using System.Threading.Channels;
using Firezone.EndToEnd.Peers;
using Firezone.Shared.Peers;
using Xunit.Sdk;

namespace Firezone.EndToEnd.Replicas;

/// <summary>One of many clients: the same device, with the same key, at every connect.</summary>
internal sealed class FleetDevice(int port, Connect connect)
{
    private V1Peer? _peer;
    private Channel<JsonNode> _frames = null!;
    private Task _reading = Task.CompletedTask;

    /// <summary>By which its row is found.</summary>
    public string ExternalId { get; } = connect.Query["external_id"]!;

    public string PublicKey { get; } = connect.Query["public_key"]!;

    /// <summary>Its socket is open, as far as is known.</summary>
    public bool IsConnected => _peer is not null && !_reading.IsCompleted;

    /// <summary>Connects and joins, whether or not it was connected before.</summary>
    /// <returns>What went wrong, or null.</returns>
    public async Task<string?> TryConnectAsync()
    {
        await VanishAsync();
        V1Peer? peer = null;
        try
        {
            peer = await V1Peer.ConnectAsync(port, "client", connect);
            await peer.JoinAsync();
        }
        catch (Exception e) when (e is XunitException or IOException or OperationCanceledException or System.Net.Sockets.SocketException)
        {
            peer?.Dispose();
            return $"{ExternalId}: {e.Message}";
        }

        _peer = peer;
        _frames = Channel.CreateUnbounded<JsonNode>();
        _reading = Task.Run(() => ReadAsync(peer.Socket, _frames.Writer));
        return null;
    }

    /// <summary>Loses its network, if it is connected.</summary>
    public async Task VanishAsync()
    {
        _peer?.Socket.Reset();
        _peer = null;
        await _reading;
    }

    /// <summary>Asks for a flow. One at a time.</summary>
    /// <returns>Null if it was granted, else why not.</returns>
    public async Task<string?> FlowAsync(Guid resource, TimeSpan patience)
    {
        await _peer!.SendAsync("create_flow", $$"""{"resource_id":"{{resource}}","connected_gateway_ids":[]}""");
        var answer = await UntilAsync(
            frame => frame["event"]!.GetValue<string>() is "flow_created" or "flow_creation_failed"
                && frame["payload"]!["resource_id"]!.GetValue<string>() == resource.ToString(),
            patience);
        if (answer is null)
            return $"no answer within {patience}";
        return answer["event"]!.GetValue<string>() == "flow_created" ? null : answer["payload"]!["reason"]!.GetValue<string>();
    }

    /// <summary>Waits for a push, passing over others.</summary>
    public async Task<bool> ReceivesAsync(string eventName, TimeSpan patience) =>
        await UntilAsync(frame => frame["event"]!.GetValue<string>() == eventName, patience) is not null;

    /// <summary>Sends a heartbeat and waits for its reply.</summary>
    public async Task<bool> AnswersAsync(TimeSpan patience)
    {
        try
        {
            await _peer!.Socket.SendTextAsync("""{"topic":"phoenix","event":"heartbeat","payload":{},"ref":900000}""");
        }
        catch (IOException)
        {
            return false;
        }

        return await UntilAsync(frame => frame["event"]!.GetValue<string>() == "phx_reply", patience) is not null;
    }

    private async Task<JsonNode?> UntilAsync(Func<JsonNode, bool> matches, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience, TimeProvider.System);
        try
        {
            while (true)
            {
                var frame = await _frames.Reader.ReadAsync(limit.Token);
                if (matches(frame))
                    return frame;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            return null;
        }
    }

    private static async Task ReadAsync(RawPeer socket, ChannelWriter<JsonNode> frames)
    {
        while (true)
        {
            try
            {
                var frame = await socket.ReceiveFrameAsync();
                if (frame.Opcode == RawFrame.CloseOpcode)
                    break;
                frames.TryWrite(JsonNode.Parse(frame.Text)!);
            }
            catch (OperationCanceledException)
            {
                // Nothing for a while: it idles.
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                break;
            }
        }

        frames.Complete();
    }
}
