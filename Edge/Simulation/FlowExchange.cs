using Firezone.Wire.Client;
using Firezone.Wire.Edge;
using Firezone.Wire.Gateway;

namespace Firezone.Edge.Simulation;

/// <summary>Plays one flow between a client and a gateway and compares what the two were told.</summary>
public sealed class FlowExchange(SimulatedClient client, SimulatedGateway gateway, TimeProvider time)
{
    /// <summary>Asks for the flow, exchanges candidates, reports. One exchange at a time for a client and a gateway.</summary>
    /// <exception cref="SimulationException">The portal did not answer, or a channel ended.</exception>
    public async Task<FlowReport> RunAsync(Guid resourceId, CancellationToken ct)
    {
        var start = time.GetTimestamp();
        var (created, failed, candidatesOfGateway) = (client.Created.Count, client.Failed.Count, client.Candidates.Count);
        var (flows, offered, candidatesOfClient) = (gateway.Flows.Count, gateway.Offered.Count, gateway.Candidates.Count);

        client.CreateFlow(resourceId);
        if (await AnswerAsync(resourceId, created, failed, ct) is not { } clientSide)
        {
            var failure = await client.Failed.FirstAsync(f => f.ResourceId == resourceId, failed, ct);
            return new FlowReport(failure.Reason, false, false, false, false, false, time.GetElapsedTime(start));
        }

        var elapsed = time.GetElapsedTime(start);
        var gatewaySide = await gateway.SeeAsync(gateway.Flows, flow => flow.Client.PublicKey == client.PublicKey, flows,
            "the authorize_flow of the client's flow", ct);
        var clientId = gatewaySide.Client.Id;
        var fromClient = client.OfferCandidates(clientSide.GatewayId);
        var offer = await gateway.SeeAsync(gateway.Offered, made => made.ClientId == clientId, offered, "its own offer", ct);

        var clientArrived = ArrivedAsync(() => gateway.SeeAsync(gateway.Candidates,
            c => c.PeerId == clientId && Same(c, fromClient), candidatesOfClient, "the client's candidates", ct));
        var gatewayArrived = ArrivedAsync(() => client.SeeAsync(client.Candidates,
            c => c.PeerId == clientSide.GatewayId && Same(c, offer.Candidates), candidatesOfGateway, "the gateway's candidates", ct));
        return Compare(clientSide, gatewaySide, await clientArrived, await gatewayArrived, elapsed);
    }

    /// <summary>The granted flow, or null if it was refused.</summary>
    private async Task<FlowCreated?> AnswerAsync(Guid resourceId, int created, int failed, CancellationToken ct)
    {
        using var other = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var success = client.SeeAsync(client.Created, flow => flow.ResourceId == resourceId, created, "flow_created", other.Token);
        var failure = client.Failed.FirstAsync(f => f.ResourceId == resourceId, failed, other.Token);
        var first = await Task.WhenAny(success, failure);
        if (first == success || !failure.IsCompletedSuccessfully)
        {
            var flow = await success;
            await other.CancelAsync();
            return flow;
        }

        await other.CancelAsync();
        return null;
    }

    private FlowReport Compare(
        FlowCreated clientSide, AuthorizeFlow gatewaySide, bool clientArrived, bool gatewayArrived, TimeSpan elapsed) =>
        new(
            Refusal: null,
            PresharedKeysEqual: clientSide.PresharedKey == gatewaySide.Client.PresharedKey,
            IceCredentialsEqual: clientSide.Ice == gatewaySide.Ice,
            PublicKeysEqual: clientSide.GatewayPublicKey == gateway.PublicKey && gatewaySide.Client.PublicKey == client.PublicKey,
            clientArrived,
            gatewayArrived,
            elapsed);

    private static bool Same(PeerCandidates received, string[] sent) => received.Candidates.SequenceEqual(sent);

    private static async Task<bool> ArrivedAsync<T>(Func<Task<T>> wait)
    {
        try
        {
            await wait();
            return true;
        }
        catch (SimulationException)
        {
            return false;
        }
    }
}
