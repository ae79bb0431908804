using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Gateways;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Abstractions.Sites;
using Firezone.Grains.Tests.Cluster;

namespace Firezone.Grains.Tests.Model;

/// <summary>A gateway's socket. What the gateway serves is the process's and outlives it.</summary>
internal sealed class GatewaySession(
    GrainCluster cluster,
    string name,
    GatewayTicket ticket,
    Dictionary<(Guid ClientId, Guid ResourceId), GatewaySession.Access> held) : ModelSession(cluster, name, ticket.AdmittedAt)
{
    private readonly ISiteGrain _site = cluster.Client.GetGrain<ISiteGrain>(ticket.SiteId);
    private readonly IGatewayGrain _grain = cluster.Client.GetGrain<IGatewayGrain>(ticket.GatewayId);

    public GatewayTicket Ticket { get; } = ticket;

    public string? Slug { get; private set; }

    /// <summary>Refs of flows that the gateway has installed and not acknowledged yet.</summary>
    public ConcurrentQueue<string> Unanswered { get; } = [];

    /// <summary>What the last init listed.</summary>
    public Dictionary<(Guid ClientId, Guid ResourceId), long> Listed { get; private set; } = [];

    protected override IAddressable Grain => _grain;

    /// <summary>As front-ends do, repeats a call that found the grain going.</summary>
    public async Task AcknowledgeAsync(string flowRef)
    {
        try
        {
            await _grain.FlowAuthorized(Id, flowRef);
        }
        catch (Orleans.Runtime.OrleansException)
        {
            Unanswered.Enqueue(flowRef);
        }
    }

    /// <summary>Whether flows may still be sent here although the socket is closed.</summary>
    public async Task<bool> IsStillOfferedAsync() => (await _site.Find(Ticket.GatewayId))?.SessionId == Id;

    public override Task MarkAsync() => _grain.FlowAuthorized(Id, "");

    protected override Task<AttachResult> AttachAsync(Resume? resume) => _grain.Attach(Ref, Ticket, resume);

    protected override Task DetachAsync() => _grain.Detach(Id);

    protected override void Apply(string eventName, JsonNode? payload, ulong viewHash)
    {
        switch (eventName)
        {
            case "init":
                Slug = payload!["account_slug"]!.GetValue<string>();
                ApplyInit(payload["authorizations"]!.AsArray());
                break;
            case "authorize_flow":
                var resource = payload!["resource"]!;
                held[(payload["client"]!["id"]!.GetValue<Guid>(), resource["id"]!.GetValue<Guid>())] = new Access(
                    payload["expires_at"]!.GetValue<long>(), resource["address"]?.GetValue<string>(), FiltersOf(resource));
                Unanswered.Enqueue(payload["ref"]!.GetValue<string>());
                break;
            case "reject_access":
                held.Remove(PairOf(payload!));
                break;
            case "access_authorization_expiry_updated":
                if (held.TryGetValue(PairOf(payload!), out var access))
                    held[PairOf(payload!)] = access with { ExpiresAt = payload!["expires_at"]!.GetValue<long>() };
                break;
            case "resource_updated":
                var id = payload!["id"]!.GetValue<Guid>();
                foreach (var (pair, before) in held.Where(pair => pair.Key.ResourceId == id).ToList())
                    held[pair] = before with { Filters = FiltersOf(payload) };
                break;
            default:
                Problems.Add($"{Name}: unknown event {eventName}");
                break;
        }
    }

    /// <summary>Clients that are listed lose what is not listed for them; what is unknown to the gateway stays so.</summary>
    private void ApplyInit(JsonArray authorizations)
    {
        Listed = authorizations.ToDictionary(a => PairOf(a!), a => a!["expires_at"]!.GetValue<long>());
        var clients = Listed.Keys.Select(pair => pair.ClientId).ToHashSet();
        foreach (var (pair, access) in held.ToList())
        {
            if (Listed.TryGetValue(pair, out var expiresAt))
                held[pair] = access with { ExpiresAt = expiresAt };
            else if (clients.Contains(pair.ClientId))
                held.Remove(pair);
        }
    }

    private static (Guid ClientId, Guid ResourceId) PairOf(JsonNode node) =>
        (node["client_id"]!.GetValue<Guid>(), node["resource_id"]!.GetValue<Guid>());

    private static string FiltersOf(JsonNode resource) => (resource["filters"] ?? new JsonArray()).ToJsonString();

    /// <summary>What a gateway serves to a client.</summary>
    internal sealed record Access(long ExpiresAt, string? Address, string Filters);
}
