using System.Net;
using System.Text.Json.Nodes;
using Firezone.Shared.Peers;

namespace Firezone.EndToEnd.Peers;

/// <summary>A peer to the letter of serializer v1: numeric refs from 0, <c>payload: null</c> in the join, everything else as told.</summary>
internal sealed class V1Peer : IDisposable
{
    private readonly RawPeer _socket;
    private readonly string _topic;
    private int _ref;

    private V1Peer(RawPeer socket, string topic)
    {
        _socket = socket;
        _topic = topic;
    }

    public RawPeer Socket => _socket;

    /// <summary>Upgrades; the answer must be 101.</summary>
    public static async Task<V1Peer> ConnectAsync(int port, string role, Connect connect)
    {
        var socket = await RawPeer.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        var reply = await socket.RequestAsync(connect.PathAndQuery, connect.Headers);
        Assert.True(reply.Status == 101, $"{reply.Status} {reply.Body}");
        return new V1Peer(socket, role);
    }

    /// <summary>Joins and returns the payload of <c>init</c>.</summary>
    public async Task<JsonNode> JoinAsync(string payload = "null")
    {
        var number = _ref;
        await SendAsync("phx_join", payload);
        var reply = await ReceiveAsync();
        Assert.True(
            JsonNode.DeepEquals(
                reply, JsonNode.Parse($$"""{"topic":"{{_topic}}","event":"phx_reply","ref":{{number}},"payload":{"status":"ok","response":{} } }""")),
            reply.ToJsonString());
        return await ExpectAsync("init");
    }

    public Task SendAsync(string eventName, string payload) =>
        _socket.SendTextAsync($$"""{"topic":"{{_topic}}","event":"{{eventName}}","payload":{{payload}},"ref":{{_ref++}} }""");

    public async Task HeartbeatAsync()
    {
        var number = _ref++;
        await _socket.SendTextAsync($$"""{"topic":"phoenix","event":"heartbeat","payload":{},"ref":{{number}} }""");
        var reply = await ReceiveAsync();
        Assert.Equal(("phoenix", "phx_reply", number), (Text(reply["topic"]), Text(reply["event"]), reply["ref"]!.GetValue<int>()));
    }

    public async Task<JsonNode> ReceiveAsync() => JsonNode.Parse(await _socket.ReceiveTextAsync())!;

    /// <summary>The next frame must be this push; returns its payload.</summary>
    public async Task<JsonNode> ExpectAsync(string eventName)
    {
        var frame = await ReceiveAsync();
        Assert.True(Text(frame["event"]) == eventName, $"expected {eventName}, got {frame.ToJsonString()}");
        Assert.Null(frame["ref"]);
        return frame["payload"]!;
    }

    /// <summary>The last frame that was received, for a failure's message.</summary>
    public string LastReceived { get; private set; } = "nothing";

    /// <summary>Skips other frames and returns the payload of the next one with this event.</summary>
    public async Task<JsonNode> UntilAsync(string eventName)
    {
        while (true)
        {
            var frame = await ReceiveAsync();
            LastReceived = frame.ToJsonString();
            if (Text(frame["event"]) == eventName)
                return frame["payload"]!;
        }
    }

    /// <summary>The payload of the next flow that is created; fails when one is refused.</summary>
    public async Task<JsonNode> UntilFlowAsync()
    {
        while (true)
        {
            var frame = await ReceiveAsync();
            Assert.True(Text(frame["event"]) != "flow_creation_failed", $"refused: {frame.ToJsonString()}");
            if (Text(frame["event"]) == "flow_created")
                return frame["payload"]!;
        }
    }

    public void Dispose() => _socket.Dispose();

    private static string? Text(JsonNode? node) => node?.GetValue<string>();
}
