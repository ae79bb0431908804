namespace Firezone.Grains.Tests.Model;

/// <summary>Compares the answers to the flows that were asked for with what the rows grant.</summary>
/// <param name="account">Whose sessions.</param>
/// <param name="step">What has happened.</param>
/// <param name="before">The rows before it.</param>
/// <param name="isStable">The gateways stayed connected and acknowledge at once.</param>
/// <param name="found">Takes the differences.</param>
internal sealed class FlowComparison(ModelAccount account, ModelStep step, AccountRows? before, bool isStable, List<string> found)
{
    /// <summary>After 5 s a flow is given up. An answer that comes about then says that the machine stood still.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    public void Find(Reference reference)
    {
        foreach (var session in account.Clients.SelectMany(c => c.Sessions))
        {
            foreach (var (resourceId, gatewayId) in session.Created)
            {
                if (!IsGranted(reference.Rows, session, resourceId, gatewayId)
                    && !(step.Changes && before is not null && IsGranted(before, session, resourceId, gatewayId))
                    && !(step.Changes && reference.Rows.Grants.Any(g =>
                        (g.ClientId, g.GatewayId, g.ResourceId) == (session.Ticket.ClientId, gatewayId, resourceId))))
                {
                    Say(session, $"has a flow to {resourceId} over {gatewayId} that is not granted");
                }
            }
        }

        foreach (var flow in step.Flows.Where(flow => isStable && flow.Client.End is null))
        {
            if (!step.Changes && !step.Connects && step.IsUndisturbed)
                FindExactly(flow, reference);
            else if (flow.Client.Created.All(c => c.ResourceId != flow.ResourceId) && flow.Client.Refused.All(r => r.ResourceId != flow.ResourceId))
                Say(flow.Client, $"has no answer for {flow.ResourceId}");
        }
    }

    private void FindExactly(ModelStep.Flow flow, Reference reference)
    {
        if (flow.Client.Refused.Any(r => r.ResourceId == flow.ResourceId && r.Reason == "offline" && r.After > Patience))
            return;
        var viewer = flow.Client.Viewer;
        if (!reference.Connectable(viewer).ContainsKey(flow.ResourceId))
        {
            Expect(flow, "not_found");
            return;
        }

        var site = reference.Rows.Resources.Single(r => r.Id == flow.ResourceId).SiteId;
        var online = account.Gateways.Where(g => g.Open?.Ticket.SiteId == site).ToList();
        var fit = online.Where(g => reference.IsCompatible(viewer, flow.ResourceId, g.Version)).ToList();
        var connected = fit.Where(g => flow.ConnectedGatewayIds.Contains(g.Open!.Ticket.GatewayId)).ToList();
        if (fit.Count == 0)
        {
            Expect(flow, online.Count == 0 ? "offline" : "version_mismatch");
            return;
        }

        var answers = flow.Client.Created.Where(c => c.ResourceId == flow.ResourceId).Select(c => c.GatewayId).ToList();
        var gateway = (connected.Count > 0 ? connected : fit).Find(g => answers.Contains(g.Open!.Ticket.GatewayId));
        if (gateway is null || flow.Client.Refused.Any(r => r.ResourceId == flow.ResourceId))
        {
            Say(flow.Client, $"has no flow to {flow.ResourceId}; refused: {string.Join(", ", flow.Client.Refused)}");
            return;
        }

        var expiry = reference.Expiry(viewer, flow.ResourceId);
        if (!gateway.Held.TryGetValue((viewer.ClientId, flow.ResourceId), out var access) || access.ExpiresAt != expiry)
            Say(flow.Client, $"is served {flow.ResourceId} by {gateway.Name} until {access?.ExpiresAt}, not {expiry}");
    }

    private void Expect(ModelStep.Flow flow, string reason)
    {
        if (flow.Client.Refused.All(r => (r.ResourceId, r.Reason) != (flow.ResourceId, reason))
            || flow.Client.Created.Any(c => c.ResourceId == flow.ResourceId))
            Say(flow.Client, $"asked for {flow.ResourceId} and should be told {reason}");
    }

    private static bool IsGranted(AccountRows rows, ClientSession session, Guid resourceId, Guid gatewayId) =>
        rows.Authorizations.Any(a => (a.ClientId, a.ResourceId, a.GatewayId) == (session.Ticket.ClientId, resourceId, gatewayId));

    private void Say(ModelSession session, string difference) => found.Add($"{session.Name} {session.Id:N} {difference}");
}
