using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Clients;
using Firezone.Grains.Abstractions.Gateways;
using Firezone.Grains.Abstractions.Relays;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Wire.Relay;

namespace Firezone.Grains.Tests.Cluster;

/// <summary>An account with one actor, site and resource, and peers that connect to it as a front-end would have them connect.</summary>
internal sealed class TestPeers
{
    public const string ClientAgent = "Ubuntu/24.4.0 headless-client/1.5.7 (x86_64; 6.8.0)";
    private static readonly Location Frankfurt = new("DE", "Frankfurt", 50.1, 8.7);
    private readonly GrainCluster _cluster;
    private int _keys;

    private TestPeers(GrainCluster cluster) => _cluster = cluster;

    public Guid Account { get; private set; }

    public Guid Everyone { get; private set; }

    public Guid Actor { get; private set; }

    public Guid Site { get; private set; }

    public Guid Resource { get; private set; }

    public Guid Policy { get; private set; }

    public string ClientToken { get; private set; } = "";

    public string GatewayToken { get; private set; } = "";

    public string RelayToken { get; private set; } = "";

    private IAdmissionGrain Admission => _cluster.Client.GetGrain<IAdmissionGrain>(0);

    public static async Task<TestPeers> CreateAsync(GrainCluster cluster)
    {
        var peers = new TestPeers(cluster);
        var p = cluster.Provisioner;
        peers.Account = await p.CreateAccountAsync($"a{Guid.NewGuid():N}"[..12], "Test");
        peers.Everyone = await p.EnsureEveryoneAsync(peers.Account);
        peers.Actor = await p.CreateActorAsync(peers.Account, "account_user", "Ada", "ada@example.com");
        peers.Site = await p.CreateSiteAsync(peers.Account, "Frankfurt");
        peers.Resource = await p.CreateResourceAsync(peers.Account, peers.Site, "cidr", "Lab", "10.20.0.0/16");
        peers.Policy = await p.CreatePolicyAsync(peers.Everyone, peers.Resource);
        peers.ClientToken = (await p.IssueClientTokenAsync(peers.Actor, DateTimeOffset.UtcNow.AddDays(30))).Text;
        peers.GatewayToken = (await p.IssueGatewayTokenAsync(peers.Site)).Text;
        peers.RelayToken = (await p.IssueRelayTokenAsync()).Text;
        return peers;
    }

    private AttachResult Begin(SessionRef session, AttachResult attached)
    {
        _cluster.FrontEnd.Begin(session.SessionId, attached.FirstPush);
        return attached;
    }

    public string NewKey()
    {
        var key = new byte[32];
        BitConverter.TryWriteBytes(key, Interlocked.Increment(ref _keys));
        return Convert.ToBase64String(key);
    }

    public async Task<ClientTicket> AdmitClientAsync(string externalId = "laptop", string version = "1.5.7")
    {
        var agent = $"Ubuntu/24.4.0 headless-client/{version} (x86_64; 6.8.0)";
        var attributes = new ClientAttributes(externalId, NewKey(), "laptop", version, "C02X", null, null, null);
        var admission = await Admission.AdmitClient(new(ClientToken, attributes, null, "203.0.113.7", agent, Frankfurt));
        Assert.Equal(Refusal.None, admission.Refusal);
        return admission.Ticket!;
    }

    public async Task<GatewayTicket> AdmitGatewayAsync(string externalId = "gw", string version = "1.5.0")
    {
        var attributes = new GatewayAttributes(externalId, NewKey(), "gw", version);
        var admission = await Admission.AdmitGateway(new(GatewayToken, attributes, null, "203.0.113.50", $"Debian/12 gateway/{version}", Frankfurt));
        Assert.Equal(Refusal.None, admission.Refusal);
        return admission.Ticket!;
    }

    public async Task<Peer<IClientGrain, ClientTicket>> ConnectClientAsync(string externalId = "laptop", string version = "1.5.7")
    {
        var ticket = await AdmitClientAsync(externalId, version);
        var session = _cluster.NewSession(ticket.AdmittedAt);
        var grain = _cluster.Client.GetGrain<IClientGrain>(ticket.ClientId);
        return new(grain, ticket, session, Begin(session, await grain.Attach(session, ticket, null)));
    }

    public async Task<Peer<IGatewayGrain, GatewayTicket>> ConnectGatewayAsync(string externalId = "gw", string version = "1.5.0")
    {
        var ticket = await AdmitGatewayAsync(externalId, version);
        var session = _cluster.NewSession(ticket.AdmittedAt);
        var grain = _cluster.Client.GetGrain<IGatewayGrain>(ticket.GatewayId);
        return new(grain, ticket, session, Begin(session, await grain.Attach(session, ticket, null)));
    }

    public async Task<Peer<IRelayGrain, RelayTicket>> ConnectRelayAsync(string stampSecret)
    {
        var admission = await Admission.AdmitRelay(
            new(RelayToken, new RelayAttributes("198.51.100.10", "2001:db8::10", 3478), null, "198.51.100.10", "relay/0.1.0", Frankfurt));
        Assert.Equal(Refusal.None, admission.Refusal);
        var session = _cluster.NewSession(admission.Ticket!.AdmittedAt);
        var grain = _cluster.Client.GetGrain<IRelayGrain>(RelayIds.FromStampSecret(stampSecret));
        return new(grain, admission.Ticket, session, Begin(session, await grain.Attach(session, admission.Ticket, new StampSecret(stampSecret), null)));
    }
}

/// <summary>A connected peer.</summary>
internal sealed record Peer<TGrain, TTicket>(TGrain Grain, TTicket Ticket, SessionRef Session, AttachResult Attached)
{
    public Guid SessionId => Session.SessionId;
}
