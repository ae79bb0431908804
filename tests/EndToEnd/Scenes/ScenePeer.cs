using System.Text.Json.Nodes;
using System.Threading.Channels;
using Firezone.EndToEnd.Peers;
using Firezone.Shared.Peers;

namespace Firezone.EndToEnd.Scenes;

/// <summary>
/// A joined device. What it is sent is read all the time and kept in order; a push has a short text with labels instead of ids, e.g.
/// <c>resource_deleted Lab</c>.
/// </summary>
internal abstract class ScenePeer : IAsyncDisposable
{
    // Only a test that fails waits as long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Channel<JsonNode> _frames = Channel.CreateUnbounded<JsonNode>();
    private readonly Task _reading;

    protected ScenePeer(Scene scene, V1Peer socket, Connect connect, Guid id, JsonNode init)
    {
        Scene = scene;
        Socket = socket;
        Connect = connect;
        Id = id;
        Init = init;
        _reading = Task.Run(ReadAsync);
    }

    public Guid Id { get; }

    /// <summary>The payload of the first <c>init</c>.</summary>
    public JsonNode Init { get; }

    /// <summary>How it connected, to do so again.</summary>
    public Connect Connect { get; }

    public V1Peer Socket { get; }

    /// <summary>Payload of the last push that was taken.</summary>
    public JsonNode Last { get; private set; } = JsonValue.Create("nothing");

    protected Scene Scene { get; }

    /// <summary>The text of the next push.</summary>
    public virtual async Task<string> NextAsync() => Text(await TakeAsync());

    /// <summary>The next pushes are exactly these; nothing is said of what follows.</summary>
    public async Task ExpectAsync(params string[] pushes)
    {
        foreach (var expected in pushes)
            Assert.Equal(expected, await NextAsync());
    }

    /// <summary>
    /// The socket is closed by the portal, after exactly these pushes; a connect with the same token is answered 401.
    /// </summary>
    public async Task SignedOutAsync(params string[] pushes)
    {
        await ClosedAsync(pushes);
        Assert.Equal(401, await Scene.StatusAsync(Connect));
    }

    /// <summary>The socket is closed by the portal, after exactly these pushes.</summary>
    public async Task ClosedAsync(params string[] pushes)
    {
        var seen = new List<string>();
        while (await TakeOrEndAsync() is { } frame)
            seen.Add(Text(frame));
        Assert.Equal(pushes, seen);
    }

    /// <summary>The socket is closed by the portal, whatever it says before.</summary>
    public async Task EndedAsync()
    {
        while (await TakeOrEndAsync() is not null)
        {
        }
    }

    /// <summary>Abandons the socket, as a device that loses its network.</summary>
    public async Task VanishAsync()
    {
        Socket.Socket.Reset();
        await _reading;
    }

    public async ValueTask DisposeAsync()
    {
        Socket.Dispose();
        await _reading;
    }

    /// <summary>The next push, and <see cref="Last"/> from now on.</summary>
    protected async Task<JsonNode> TakeAsync() =>
        await TakeOrEndAsync() ?? throw new InvalidOperationException($"The socket was closed; last came {Last.ToJsonString()}");

    /// <summary>A push as its event and the labels of what it names.</summary>
    protected virtual string Text(JsonNode frame)
    {
        var payload = frame["payload"];
        return frame["event"]!.GetValue<string>() switch
        {
            "resource_deleted" => $"resource_deleted {Scene.LabelOf(payload)}",
            "relays_presence" => $"relays_presence -{payload!["disconnected_ids"]!.AsArray().Count} +{payload["connected"]!.AsArray().Count}",
            "flow_creation_failed" => $"flow_creation_failed {Scene.LabelOf(payload!["resource_id"])} {payload["reason"]}",
            var other when payload?["resource_id"] is { } resource => payload["client_id"] is { } client
                ? $"{other} {Scene.LabelOf(client)} {Scene.LabelOf(resource)}"
                : $"{other} {Scene.LabelOf(resource)}",
            var other when payload is JsonObject && payload["id"] is { } id => $"{other} {Scene.LabelOf(id)}",
            var other => other,
        };
    }

    /// <summary>Looks at a frame before it is kept; false drops it.</summary>
    protected virtual Task<bool> KeepAsync(JsonNode frame) => Task.FromResult(true);

    private async Task<JsonNode?> TakeOrEndAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            if (!await _frames.Reader.WaitToReadAsync(limit.Token) || !_frames.Reader.TryRead(out var frame))
                return null;
            Last = frame["payload"] ?? JsonValue.Create("null");
            return frame;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Nothing came within {Patience}; last came {Last.ToJsonString()}");
        }
    }

    private async Task ReadAsync()
    {
        while (true)
        {
            try
            {
                var frame = await Socket.Socket.ReceiveFrameAsync();
                if (frame.Opcode == RawFrame.CloseOpcode)
                    break;
                var message = JsonNode.Parse(frame.Text)!;
                if (await KeepAsync(message))
                    _frames.Writer.TryWrite(message);
            }
            catch (OperationCanceledException)
            {
                // Nothing for a while; whoever waits for something has a limit of its own.
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                break;
            }
        }

        _frames.Writer.Complete();
    }
}
