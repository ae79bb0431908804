using Firezone.Edge.PortalClient;
using Firezone.Edge.PortalClient.PortalEvents;
using Firezone.Wire.Client;
using Firezone.Wire.Edge;
using Firezone.Wire.Frames;
using Firezone.Wire.Ice;

namespace Firezone.Edge.Simulation;

/// <summary>A client that asks for flows and exchanges candidates for them, but moves no packets.</summary>
public sealed class SimulatedClient : SimulatedDevice
{
    private readonly ObservedLog<ClientInit> _inits = new();
    private int _candidates;

    /// <summary>Makes a client with a fresh key.</summary>
    public SimulatedClient(SimulatedDeviceOptions options, SimulationServices services)
        : this(options, WireGuardKey.Random(), services)
    {
    }

    private SimulatedClient(SimulatedDeviceOptions options, string publicKey, SimulationServices services)
        : base(
            options.Name,
            options.ForChannel(PortalRole.Client, "headless-client", "1.5.7", options.Identity()) with { PublicKey = publicKey },
            services) => PublicKey = publicKey;

    /// <summary>Base64 of 32 bytes.</summary>
    public string PublicKey { get; }

    /// <summary>Granted flows.</summary>
    public ObservedLog<FlowCreated> Created { get; } = new();

    /// <summary>Refused flows.</summary>
    public ObservedLog<FlowCreationFailed> Failed { get; } = new();

    /// <summary>Candidates of gateways.</summary>
    public ObservedLog<PeerCandidates> Candidates { get; } = new();

    /// <summary>Relays that the portal offered, by any message.</summary>
    public ObservedLog<Firezone.Wire.Relay.RelayEntry> Relays { get; } = new();

    /// <summary>Waits for <c>init</c>.</summary>
    /// <exception cref="SimulationException">It did not come.</exception>
    public Task<ClientInit> ReadyAsync(CancellationToken ct) =>
        WaitAsync(token => _inits.FirstAsync(_ => true, 0, token), "its init", ct);

    /// <summary>Waits until the portal has offered a relay with this id; a real client cannot use a flow without one.</summary>
    /// <exception cref="SimulationException">It did not.</exception>
    public Task<Firezone.Wire.Relay.RelayEntry> RelayAsync(Guid relayId, CancellationToken ct) =>
        SeeAsync(Relays, relay => relay.Id == relayId, 0, "the relay", ct);

    /// <summary>Finds a resource of the client's <c>init</c>.</summary>
    /// <param name="name">The resource's name; null: the first resource.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="SimulationException">There is none.</exception>
    public async Task<ReceivedResource> ResourceAsync(string? name, CancellationToken ct)
    {
        var resources = (await ReadyAsync(ct)).Resources;
        return resources.FirstOrDefault(resource => name is null || resource.Name == name)
            ?? throw new SimulationException(resources.Count == 0
                ? $"The {Name} sees no resource: is there a policy for one of its groups?"
                : $"The {Name} sees no resource named '{name}'; it sees {string.Join(", ", resources.Select(r => r.Name ?? r.Type))}.");
    }

    /// <summary>Asks for access to a resource; the answer comes in <see cref="Created"/> or <see cref="Failed"/>.</summary>
    public void CreateFlow(Guid resourceId, params Guid[] connectedGateways) => Send(
        Events.CreateFlow,
        DeviceMessages.CreateFlow(resourceId, connectedGateways),
        $"resource {resourceId}, connected to {(connectedGateways.Length == 0 ? "no gateway" : string.Join(", ", connectedGateways))}");

    /// <summary>Offers fresh candidates to a gateway and returns them.</summary>
    public string[] OfferCandidates(Guid gatewayId)
    {
        var candidates = Simulation.Candidates.Next(ref _candidates, ofGateway: false);
        Send(Events.BroadcastIceCandidates, IceMessages.FromClient([gatewayId], candidates), string.Join(" | ", candidates));
        return candidates;
    }

    internal Task<T> SeeAsync<T>(ObservedLog<T> log, Predicate<T> fits, int from, string forWhat, CancellationToken ct) =>
        WaitAsync(token => log.FirstAsync(fits, from, token), forWhat, ct);

    /// <inheritdoc/>
    protected override void OnMessage(PortalMessage message)
    {
        switch (message.Event)
        {
            case Events.Init when ClientEvents.TryReadInit(message.Payload, out var init):
                Heard(message, $"{init.Interface.Ipv4} {init.Interface.Ipv6}, {init.Relays.Count} relay addresses, "
                    + $"resources: {string.Join(", ", init.Resources.Select(r => r.Name ?? r.Type))}");
                foreach (var relay in init.Relays)
                    Relays.Add(relay);
                _inits.Add(init);
                break;
            case Events.RelaysPresence when ChannelEvents.TryReadRelaysPresence(message.Payload, out var presence):
                Heard(message, $"{presence.DisconnectedIds.Count} gone, {presence.Connected.Count} addresses connected");
                foreach (var relay in presence.Connected)
                    Relays.Add(relay);
                break;
            case Events.FlowCreated when ClientEvents.TryReadFlowCreated(message.Payload, out var flow):
                Heard(message, $"resource {flow.ResourceId} through gateway {flow.GatewayId} at {flow.GatewayIpv4}, "
                    + $"key {Secret.Shorten(flow.GatewayPublicKey)}, preshared key {Secret.Shorten(flow.PresharedKey)}");
                Created.Add(flow);
                break;
            case Events.FlowCreationFailed when ClientEvents.TryReadFlowCreationFailed(message.Payload, out var failure):
                Heard(message, $"resource {failure.ResourceId}: {failure.Reason} {string.Join(", ", failure.ViolatedProperties)}");
                Failed.Add(failure);
                break;
            case Events.IceCandidates when ChannelEvents.TryReadIceCandidates(message.Payload, out var candidates):
                Candidates.Add(candidates);
                Heard(message, $"from gateway {candidates.PeerId}: {string.Join(" | ", candidates.Candidates)}");
                break;
            case Events.Init or Events.RelaysPresence or Events.FlowCreated or Events.FlowCreationFailed or Events.IceCandidates:
                Heard(message, "UNREADABLE: a real client would drop this message");
                break;
            default:
                Heard(message, "");
                break;
        }
    }
}
