using System.Text;
using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Shared.Peers;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Gateway.WebSockets.Tests.Channels;

/// <summary>Requests for flows whose answers a silo took along.</summary>
public sealed class LostFlowTests
{
    private static readonly Guid Resource = Guid.Parse("0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0001");
    private static readonly Guid Other = Guid.Parse("0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0002");

    private readonly FakeTimeProvider _clock = new(Tickets.Now);

    [Fact]
    public async Task When_a_silo_has_left_flows_without_an_answer_are_refused_soon()
    {
        await using var host = await FrontEndHost.StartAsync(clock: _clock);
        using var peer = await host.JoinedClientAsync();
        var session = (await host.Cluster.Client.Attaches.NextAsync()).Session;
        await AskAsync(host, peer, Resource);
        await peer.SendTextAsync(
            $$$"""{"topic":"client","event":"request_connection","payload":{"gateway_id":"{{{Other}}}","resource_id":"{{{Other}}}","client_payload":"x","client_preshared_key":"k"},"ref":12}""");
        await host.Cluster.Client.Requests.NextAsync();

        await session.FrontEnd.SiloLeft();
        for (var second = 0; second < 3; second++)
            await host.AdvanceAsync(TimeSpan.FromSeconds(1));

        string[] answers = [await peer.ReceiveTextAsync(), await peer.ReceiveTextAsync()];
        Assert.Contains(answers, text => text.Contains("flow_creation_failed") && text.Contains(Resource.ToString()) && text.Contains("offline"));
        Assert.Contains(answers, text => text.Contains("\"ref\":12") && text.Contains("offline"));
    }

    [Fact]
    public async Task An_answer_that_comes_after_the_refusal_is_passed_on_and_a_flow_that_was_answered_is_not_refused()
    {
        await using var host = await FrontEndHost.StartAsync(clock: _clock);
        using var peer = await host.JoinedClientAsync();
        var session = (await host.Cluster.Client.Attaches.NextAsync()).Session;
        await AskAsync(host, peer, Resource);
        await AskAsync(host, peer, Other);
        await session.FrontEnd.Push(session.SessionId, 0, "flow_created", Created(Other), 0);
        Assert.Contains(Other.ToString(), await peer.ReceiveTextAsync());

        await session.FrontEnd.SiloLeft();
        for (var second = 0; second < 3; second++)
            await host.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Contains("offline", await peer.ReceiveTextAsync());
        await session.FrontEnd.Push(session.SessionId, 0, "flow_created", Created(Resource), 0);

        Assert.Contains("flow_created", await peer.ReceiveTextAsync());
    }

    [Fact]
    public async Task While_no_silo_leaves_a_slow_gateway_has_its_time()
    {
        await using var host = await FrontEndHost.StartAsync(clock: _clock);
        using var peer = await host.JoinedClientAsync();
        var session = (await host.Cluster.Client.Attaches.NextAsync()).Session;
        await AskAsync(host, peer, Resource);

        for (var second = 0; second < 10; second++)
            await host.AdvanceAsync(TimeSpan.FromSeconds(1));
        await session.FrontEnd.Push(session.SessionId, 0, "flow_created", Created(Resource), 0);

        Assert.Contains("flow_created", await peer.ReceiveTextAsync());
    }

    private static byte[] Created(Guid resource) => Encoding.UTF8.GetBytes($$"""{"resource_id":"{{resource}}","gateway_group_id":"x"}""");

    private static async Task AskAsync(FrontEndHost host, RawPeer peer, Guid resource)
    {
        await peer.SendTextAsync(
            $$$"""{"topic":"client","event":"create_flow","payload":{"resource_id":"{{{resource}}}","connected_gateway_ids":[]},"ref":3}""");
        await host.Cluster.Client.Flows.NextAsync();
    }
}
