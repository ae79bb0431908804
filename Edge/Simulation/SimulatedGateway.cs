using Firezone.Edge.PortalClient;
using Firezone.Edge.PortalClient.PortalEvents;
using Firezone.Wire.Edge;
using Firezone.Wire.Frames;
using Firezone.Wire.Gateway;
using Firezone.Wire.Ice;

namespace Firezone.Edge.Simulation;

/// <summary>A gateway that accepts every flow at once and offers candidates for it, but moves no packets.</summary>
public sealed class SimulatedGateway : SimulatedDevice
{
    private readonly ObservedLog<GatewayInit> _inits = new();
    private int _candidates;

    /// <summary>Makes a gateway with a fresh key.</summary>
    public SimulatedGateway(SimulatedDeviceOptions options, SimulationServices services)
        : this(options, WireGuardKey.Random(), services)
    {
    }

    private SimulatedGateway(SimulatedDeviceOptions options, string publicKey, SimulationServices services)
        : base(
            options.Name,
            options.ForChannel(PortalRole.Gateway, "gateway", "1.5.0", options.Identity()) with { PublicKey = publicKey },
            services) => PublicKey = publicKey;

    /// <summary>Base64 of 32 bytes.</summary>
    public string PublicKey { get; }

    /// <summary>The flows that it was told to admit; each was answered at once.</summary>
    public ObservedLog<AuthorizeFlow> Flows { get; } = new();

    /// <summary>Candidates of clients.</summary>
    public ObservedLog<PeerCandidates> Candidates { get; } = new();

    /// <summary>What it sent to each client, by the flow that made it do so.</summary>
    internal ObservedLog<(Guid ClientId, string[] Candidates)> Offered { get; } = new();

    /// <summary>Waits for <c>init</c>.</summary>
    /// <exception cref="SimulationException">It did not come.</exception>
    public Task<GatewayInit> ReadyAsync(CancellationToken ct) =>
        WaitAsync(token => _inits.FirstAsync(_ => true, 0, token), "its init", ct);

    internal Task<T> SeeAsync<T>(ObservedLog<T> log, Predicate<T> fits, int from, string forWhat, CancellationToken ct) =>
        WaitAsync(token => log.FirstAsync(fits, from, token), forWhat, ct);

    /// <inheritdoc/>
    protected override void OnMessage(PortalMessage message)
    {
        switch (message.Event)
        {
            case Events.Init when GatewayEvents.TryReadInit(message.Payload, out var init):
                Heard(message, $"{init.Interface.Ipv4} {init.Interface.Ipv6}, {init.Relays.Count} relay addresses, "
                    + $"{init.Authorizations.Count} authorizations");
                _inits.Add(init);
                break;
            case Events.AuthorizeFlow when GatewayEvents.TryReadAuthorizeFlow(message.Payload, out var flow):
                Heard(message, $"client {flow.Client.Id} at {flow.Client.Ipv4}, "
                    + $"preshared key {Secret.Shorten(flow.Client.PresharedKey)}, expires {flow.ExpiresAt:u}");
                Admit(flow);
                break;
            case Events.IceCandidates when ChannelEvents.TryReadIceCandidates(message.Payload, out var candidates):
                Candidates.Add(candidates);
                Heard(message, $"from client {candidates.PeerId}: {string.Join(" | ", candidates.Candidates)}");
                break;
            case Events.Init or Events.AuthorizeFlow or Events.IceCandidates:
                Heard(message, "UNREADABLE: a real gateway would drop this message");
                break;
            default:
                Heard(message, "");
                break;
        }
    }

    private void Admit(AuthorizeFlow flow)
    {
        Send(Events.FlowAuthorized, DeviceMessages.FlowAuthorized(flow.Ref), $"ref {Secret.Shorten(flow.Ref)}");
        var candidates = Simulation.Candidates.Next(ref _candidates, ofGateway: true);
        Send(Events.BroadcastIceCandidates, IceMessages.FromGateway([flow.Client.Id], candidates), string.Join(" | ", candidates));
        Offered.Add((flow.Client.Id, candidates));
        Flows.Add(flow);
    }
}
