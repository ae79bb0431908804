using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Firezone.Edge.Tests.PortalClient.Support;

/// <summary>The portal's end of one socket.</summary>
internal sealed class FakeSocket(WebSocket socket)
{
    /// <summary>The next frame of the device; null at its Close frame; throws when the socket ends without one.</summary>
    public async Task<JsonElement?> FrameAsync()
    {
        var buffer = new byte[64 * 1024];
        var result = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None).AsTask().WaitAsync(FakePortal.Patience);
        if (result.MessageType == WebSocketMessageType.Close)
            return null;
        Assert.True(result.EndOfMessage);
        return JsonDocument.Parse(buffer.AsMemory(0, result.Count)).RootElement;
    }

    /// <summary>The next frame, which must be of this event; returns it whole.</summary>
    public async Task<JsonElement> ExpectAsync(string eventName)
    {
        var frame = await FrameAsync();
        Assert.NotNull(frame);
        Assert.Equal(eventName, frame.Value.GetProperty("event").GetString());
        return frame.Value;
    }

    public async Task AnswerJoinAsync()
    {
        var join = await ExpectAsync("phx_join");
        await ReplyAsync(join, "ok", "{}");
    }

    public Task ReplyAsync(JsonElement request, string status, string response)
    {
        var (topic, requestRef) = (request.GetProperty("topic").GetString(), request.GetProperty("ref").GetRawText());
        return SendAsync($$$"""
            {"topic":"{{{topic}}}","event":"phx_reply","ref":{{{requestRef}}},"payload":{"status":"{{{status}}}","response":{{{response}}}}}
            """);
    }

    public Task PushAsync(string topic, string eventName, string payload) => SendAsync(
        $$"""{"topic":"{{topic}}","event":"{{eventName}}","ref":null,"payload":{{payload}}}""");

    public Task SendAsync(string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

    public Task CloseAsync(int code) => socket.CloseOutputAsync((WebSocketCloseStatus)code, null, CancellationToken.None);

    public void Abort() => socket.Abort();
}
