using System.Diagnostics;
using System.Text.Json.Nodes;
using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Clients;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Tests.Cluster;

namespace Firezone.Grains.Tests.Model;

/// <summary>A client's socket.</summary>
internal sealed class ClientSession(GrainCluster cluster, string name, ClientTicket ticket) : ModelSession(cluster, name, ticket.AdmittedAt)
{
    private readonly IClientGrain _grain = cluster.Client.GetGrain<IClientGrain>(ticket.ClientId);
    private readonly Stopwatch _step = Stopwatch.StartNew();
    private bool _hasCreated;

    public ClientTicket Ticket { get; } = ticket;

    public Reference.Viewer Viewer { get; } = new(ticket.ClientId, ticket.TokenId, ticket.RemoteIp, ticket.Version);

    /// <summary>The resources that the device knows.</summary>
    public Dictionary<Guid, JsonNode> Resources { get; } = [];

    public JsonNode? Interface { get; private set; }

    /// <summary>What <c>resource_deleted</c> named in this step.</summary>
    public List<Guid> Deleted { get; } = [];

    /// <summary>Flows that were created in this step.</summary>
    public List<(Guid ResourceId, Guid GatewayId)> Created { get; } = [];

    /// <summary>Flows that were refused in this step, and how long after its beginning.</summary>
    public List<(Guid ResourceId, string Reason, TimeSpan After)> Refused { get; } = [];

    protected override IAddressable Grain => _grain;

    public void BeginStep()
    {
        Deleted.Clear();
        Created.Clear();
        Refused.Clear();
        _step.Restart();
    }

    public async Task CreateFlowAsync(Guid resourceId, Guid[] connectedGatewayIds)
    {
        try
        {
            await _grain.CreateFlow(Id, resourceId, connectedGatewayIds);
        }
        catch (SessionLostException)
        {
            // Its token may be deleted in the same instant. Unless that ends the session, an answer is missed by the comparison.
        }
    }

    public override Task MarkAsync() => _grain.GetTicket(Id);

    protected override Task<AttachResult> AttachAsync(Resume? resume) => _grain.Attach(Ref, Ticket, resume);

    protected override Task DetachAsync() => _grain.Detach(Id);

    protected override void Apply(string eventName, JsonNode? payload, ulong viewHash)
    {
        switch (eventName)
        {
            case "init":
                Resources.Clear();
                Interface = payload!["interface"];
                foreach (var resource in payload["resources"]!.AsArray())
                {
                    if (!Resources.TryAdd(IdOf(resource!), resource!))
                        Problems.Add($"{Name}: init lists {IdOf(resource!)} twice");
                }

                break;
            case "config_changed":
                Interface = payload!["interface"];
                break;
            case "resource_created_or_updated":
                _hasCreated = true;
                Resources[IdOf(payload!)] = payload!;
                break;
            case "resource_deleted":
                var id = payload!.GetValue<Guid>();
                Deleted.Add(id);
                if (!Resources.Remove(id))
                    Problems.Add($"{Name}: resource_deleted for {id}, which it does not know");
                if (_hasCreated)
                    Problems.Add($"{Name}: resource_deleted for {id} after a resource_created_or_updated of the same reaction");
                break;
            case "flow_created":
                Created.Add((payload!["resource_id"]!.GetValue<Guid>(), payload["gateway_id"]!.GetValue<Guid>()));
                break;
            case "flow_creation_failed":
                Refused.Add((payload!["resource_id"]!.GetValue<Guid>(), payload["reason"]!.GetValue<string>(), _step.Elapsed));
                break;
            default:
                Problems.Add($"{Name}: unknown event {eventName}");
                break;
        }

        // The last push of a reaction carries the fingerprint of the new view.
        if (viewHash != 0)
            _hasCreated = false;
    }

    private static Guid IdOf(JsonNode resource) => resource["id"]!.GetValue<Guid>();
}
