using Firezone.Edge.PortalClient.Addressing;
using Firezone.Edge.Simulation;
using Microsoft.Extensions.Logging.Abstractions;

namespace Firezone.Operations.Tests.Support;

/// <summary>An account of its own with a relay, a gateway and a client that are connected.</summary>
internal sealed class Devices : IAsyncDisposable
{
    private readonly SimulatedRelay _relay;
    private readonly SimulatedGateway _gateway;
    private bool _isClientGone;

    private Devices(string account, SimulatedRelay relay, SimulatedGateway gateway, SimulatedClient client)
    {
        (Account, _relay, _gateway, Client) = (account, relay, gateway, client);
    }

    public string Account { get; }

    public SimulatedClient Client { get; }

    public static async Task<Devices> ConnectAsync(OperationsNode node)
    {
        var provisioner = node.Provisioner;
        var slug = $"t{Guid.NewGuid():N}"[..12];
        var account = await provisioner.CreateAccountAsync(slug, "Test");
        var everyone = await provisioner.EnsureEveryoneAsync(account);
        var actor = await provisioner.CreateActorAsync(account, "account_user", "Ada", "ada@example.com");
        var site = await provisioner.CreateSiteAsync(account, "Frankfurt <office>");
        await provisioner.CreatePolicyAsync(everyone, await provisioner.CreateResourceAsync(account, site, "cidr", "Lab", "10.20.0.0/16"));

        var services = new SimulationServices(new Silence(), TimeProvider.System, NullLoggerFactory.Instance, TimeSpan.FromSeconds(30));
        var relay = new SimulatedRelay(Options(node, "relay", (await provisioner.IssueRelayTokenAsync()).Text), services);
        var gateway = new SimulatedGateway(Options(node, "gateway", (await provisioner.IssueGatewayTokenAsync(site)).Text), services);
        var token = await provisioner.IssueClientTokenAsync(actor, DateTimeOffset.UtcNow.AddDays(1));
        var client = new SimulatedClient(Options(node, "laptop", token.Text), services);
        var devices = new Devices(slug, relay, gateway, client);
        relay.Start();
        gateway.Start();
        client.Start();
        await relay.ReadyAsync(CancellationToken.None);
        await gateway.ReadyAsync(CancellationToken.None);
        await client.ReadyAsync(CancellationToken.None);
        return devices;
    }

    /// <summary>A flow from the client through the gateway.</summary>
    public async Task<FlowReport> FlowAsync()
    {
        var resource = await Client.ResourceAsync(null, CancellationToken.None);
        return await new FlowExchange(Client, _gateway, TimeProvider.System).RunAsync(resource.Id, CancellationToken.None);
    }

    /// <summary>The client goes in good order.</summary>
    public async Task DisconnectClientAsync()
    {
        if (!_isClientGone)
            await Client.DisposeAsync();
        _isClientGone = true;
    }

    public async ValueTask DisposeAsync()
    {
        await DisconnectClientAsync();
        await _gateway.DisposeAsync();
        await _relay.DisposeAsync();
    }

    private static SimulatedDeviceOptions Options(OperationsNode node, string name, string token) =>
        new() { Portal = PortalAddress.Parse($"ws://127.0.0.1:{node.Port}"), Token = token, Name = name };

    private sealed class Silence : ITranscript
    {
        public void Write(string device, TranscriptKind kind, string what, string detail)
        {
        }
    }
}
