using System.Text.Json;
using Firezone.Edge.Tests.PortalClient.Support;
using Firezone.Wire.Client;
using Firezone.Wire.Frames;
using Firezone.Wire.Gateway;
using Firezone.Wire.Ice;
using Firezone.Wire.Relay;
using Firezone.Wire.Resources;
using Firezone.Wire.Secrets;

namespace Firezone.Edge.Tests.Simulation.Support;

/// <summary>A portal for one relay, one gateway and one client, with faults to order.</summary>
internal sealed class MiniPortal : IAsyncDisposable
{
    public static readonly Guid ResourceId = Guid.Parse("0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0001");
    private static readonly Guid SiteId = Guid.Parse("7d0f2f7e-8f52-4d6e-93a4-6a2b6f3c0001");
    private static readonly Guid ClientId = Guid.Parse("11111111-1111-4111-8111-111111111111");
    private static readonly Guid GatewayId = Guid.Parse("22222222-2222-4222-8222-222222222222");
    private static readonly IceCredentials Ice = new("clnt", "client-password-------", "gate", "gateway-password------");

    private readonly TaskCompletionSource _dropped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, FakeSocket> _sockets = [];
    private readonly Dictionary<string, string> _keys = [];
    private readonly Task _serving;
    private string _stampSecret = "";

    public MiniPortal() => _serving = ServeAsync();

    public FakePortal Listener { get; } = new();

    public bool TellDifferentKeys { get; init; }

    public bool DropGatewayCandidates { get; init; }

    public string? Refuse { get; init; }

    /// <summary>Completes when candidates were dropped.</summary>
    public Task Dropped => _dropped.Task;

    public async ValueTask DisposeAsync()
    {
        foreach (var socket in _sockets.Values)
            socket.Abort();
        await Listener.DisposeAsync();
        await _serving;
    }

    private async Task ServeAsync()
    {
        var serving = new List<Task>();
        foreach (var role in new[] { "relay", "gateway", "client" })
        {
            UpgradeRequest request;
            try
            {
                request = await Listener.RequestAsync();
            }
            catch (TimeoutException)
            {
                return;
            }

            Assert.StartsWith($"/{role}/websocket", request.Target, StringComparison.Ordinal);
            _keys[role] = Uri.UnescapeDataString(request.Target.Split("public_key=")[^1]);
            _sockets[role] = await request.AcceptAsync();
            serving.Add(ServeAsync(role, _sockets[role]));
        }

        await Task.WhenAll(serving);
    }

    private async Task ServeAsync(string role, FakeSocket socket)
    {
        try
        {
            while (await socket.FrameAsync() is { } frame)
                await HandleAsync(role, socket, frame);
            await socket.CloseAsync(1000);
        }
        catch (Exception e) when (e is System.Net.WebSockets.WebSocketException or ObjectDisposedException or OperationCanceledException)
        {
        }
    }

    private async Task HandleAsync(string role, FakeSocket socket, JsonElement frame)
    {
        var payload = frame.GetProperty("payload");
        switch (frame.GetProperty("event").GetString())
        {
            case Events.Join:
                if (role == "relay")
                    _stampSecret = payload.GetProperty("stamp_secret").GetString()!;
                await socket.ReplyAsync(frame, "ok", "{}");
                await PushAsync(role, Events.Init, Init(role));
                break;
            case Events.CreateFlow when Refuse is not null:
                await PushAsync("client", Events.FlowCreationFailed, ClientMessages.FlowCreationFailed(ResourceId, Refuse, null));
                break;
            case Events.CreateFlow:
                await PushAsync("gateway", Events.AuthorizeFlow, Authorize());
                break;
            case Events.FlowAuthorized:
                Assert.Equal("opaque", payload.GetProperty("ref").GetString());
                await socket.ReplyAsync(frame, "ok", "{}");
                await PushAsync("client", Events.FlowCreated, Flow());
                break;
            case Events.BroadcastIceCandidates when role == "client":
                await PushAsync("gateway", Events.IceCandidates, IceMessages.ToGateway(ClientId, Candidates(payload)));
                break;
            case Events.BroadcastIceCandidates when DropGatewayCandidates:
                _dropped.TrySetResult();
                break;
            case Events.BroadcastIceCandidates:
                await PushAsync("client", Events.IceCandidates, IceMessages.ToClient(GatewayId, Candidates(payload)));
                break;
        }
    }

    private Task PushAsync(string role, string eventName, byte[] payload) =>
        _sockets[role].PushAsync(role, eventName, System.Text.Encoding.UTF8.GetString(payload));

    private byte[] Init(string role)
    {
        if (role == "relay")
            return RelayMessages.Init();
        if (role == "gateway")
            return GatewayMessages.Init("acme", "100.64.0.1", "fd00::1", [], []);
        var resource = ClientResource.Render(Resource());
        var relayId = RelayIds.FromStampSecret(_stampSecret);
        var relays = RelayEntry.For(relayId, "127.0.0.1", null, 3478, _stampSecret, _keys["client"], 2145916800);
        return ClientMessages.Init(
            new InterfaceConfig("100.64.0.7", "fd00::7", null, DnsMode.System, [], null), [resource], relays);
    }

    private byte[] Flow()
    {
        var key = TellDifferentKeys ? "another" : "preshared";
        return ClientMessages.FlowCreated(
            new FlowCreated(ResourceId, SiteId, GatewayId, _keys["gateway"], "100.64.0.1", "fd00::1", key, Ice));
    }

    private byte[] Authorize() => GatewayMessages.AuthorizeFlow(new AuthorizeFlow(
        "opaque",
        GatewayResource.Render(Resource()),
        new FlowClient(ClientId, _keys["client"], "preshared", "100.64.0.7", "fd00::7"),
        new FlowSubject(null, null, null, null),
        Ice,
        DateTimeOffset.FromUnixTimeSeconds(2145916800)));

    private static ResourceView Resource() =>
        new(ResourceId, ResourceType.Cidr, "Lab", "10.0.0.0/8", null, null, [], SiteId, "Frankfurt");

    private static string[] Candidates(JsonElement payload) =>
        [.. payload.GetProperty("candidates").EnumerateArray().Select(candidate => candidate.GetString()!)];
}
