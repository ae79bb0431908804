using CsCheck;
using System.Text;
using Firezone.Gateway.WebSockets.Telemetry;
using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Grains.Abstractions.Flows;
using Firezone.Shared.Peers;
using Firezone.Wire.Client;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Gateway.WebSockets.Tests.Telemetry;

public sealed class FlowMeasurementTests
{
    private static readonly Guid Resource = Guid.Parse("0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0001");
    private static readonly Guid Other = Guid.Parse("0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0002");

    private readonly FakeTimeProvider _clock = new(Tickets.Now);

    [Fact]
    public async Task A_flow_is_timed_from_its_request_to_the_push_that_answers_it()
    {
        await using var host = await FrontEndHost.StartAsync(clock: _clock);
        using var seen = new Measurements(host);
        using var peer = await host.JoinedClientAsync();
        var session = (await host.Cluster.Client.Attaches.NextAsync()).Session;
        await AskAsync(host, peer, Resource);
        _clock.Advance(TimeSpan.FromMilliseconds(40));
        await AskAsync(host, peer, Other);
        _clock.Advance(TimeSpan.FromMilliseconds(2));

        await session.FrontEnd.Push(session.SessionId, 0, "flow_created", Created(Other), 0);
        await session.FrontEnd.Push(session.SessionId, 0, "resource_created_or_updated", Created(Resource), 0);
        await session.FrontEnd.Push(session.SessionId, 0, "flow_creation_failed", ClientMessages.FlowCreationFailed(Resource, "forbidden", ["ip"]), 0);
        await session.FrontEnd.Push(session.SessionId, 0, "flow_created", Created(Resource), 0);

        Assert.Equal(0.002, Assert.Single(await seen.WaitAsync("flow.duration outcome=granted request=create_flow")));
        Assert.Equal(0.042, Assert.Single(await seen.WaitAsync("flow.duration outcome=forbidden request=create_flow")));
    }

    [Theory]
    [InlineData("request_connection", "client_payload", true, "granted")]
    [InlineData("reuse_connection", "payload", false, "offline")]
    public async Task An_older_request_is_timed_to_its_reply(string request, string payload, bool ok, string outcome)
    {
        await using var host = await FrontEndHost.StartAsync();
        using var seen = new Measurements(host);
        using var peer = await host.JoinedClientAsync();
        var session = (await host.Cluster.Client.Attaches.NextAsync()).Session;
        await peer.SendTextAsync(
            $$$"""{"topic":"client","event":"{{{request}}}","payload":{"gateway_id":"{{{Other}}}","resource_id":"{{{Resource}}}","{{{payload}}}":"x","client_preshared_key":"k"},"ref":12}""");
        var (requestRef, _) = await host.Cluster.Client.Requests.NextAsync();

        await session.FrontEnd.Reply(session.SessionId, "99", true, "{}"u8.ToArray());
        await session.FrontEnd.Reply(session.SessionId, requestRef, ok, ok ? "{}"u8.ToArray() : """{"reason":"offline"}"""u8.ToArray());

        Assert.Single(await seen.WaitAsync($"flow.duration outcome={outcome} request={request}"));
    }

    [Fact]
    public async Task A_request_that_the_cluster_refuses_or_does_not_take_is_timed_too()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var seen = new Measurements(host);
        using var peer = await host.JoinedClientAsync();
        host.Cluster.Client.OnCreateFlow = () => throw new InvalidOperationException("bug");
        await AskAsync(host, peer, Resource);
        Assert.Single(await seen.WaitAsync("flow.duration outcome=offline request=create_flow"));

        host.Cluster.Client.OnRequest = () => Task.FromResult<RequestReply?>(new RequestReply(false, """{"reason":"new"}"""u8.ToArray()));
        await peer.SendTextAsync(
            $$$"""{"topic":"client","event":"reuse_connection","payload":{"gateway_id":"{{{Other}}}","resource_id":"{{{Resource}}}","payload":"x"},"ref":13}""");
        Assert.Single(await seen.WaitAsync("flow.duration outcome=refused request=reuse_connection"));
    }

    [Fact]
    public async Task A_flow_that_nobody_answers_is_given_up_and_one_whose_client_leaves_is_not_counted()
    {
        await using var host = await FrontEndHost.StartAsync(clock: _clock);
        using var seen = new Measurements(host);
        using var peer = await host.JoinedClientAsync();
        using var leaving = await host.JoinedClientAsync();
        await AskAsync(host, peer, Resource);
        await AskAsync(host, leaving, Resource);
        leaving.Reset();
        await host.Cluster.Client.Detaches.NextAsync();

        // At once: the lease, which is not renewed in between, would make the cluster look as if it were in motion.
        _clock.Advance(TimeSpan.FromSeconds(77));

        Assert.InRange(Assert.Single(await seen.WaitAsync("flow.duration outcome=unanswered request=create_flow")), 75, 77);
    }

    [Fact]
    public async Task More_flows_than_a_client_may_have_open_are_not_kept()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var seen = new Measurements(host);
        using var peer = await host.JoinedClientAsync();
        var session = (await host.Cluster.Client.Attaches.NextAsync()).Session;
        for (var i = 0; i < 300; i++)
            await AskAsync(host, peer, Resource);
        for (var i = 0; i < 300; i++)
            await session.FrontEnd.Push(session.SessionId, 0, "flow_created", Created(Resource), 0);

        Assert.Equal(256, (await seen.WaitAsync("flow.duration outcome=granted request=create_flow", 256)).Length);
    }

    [Fact]
    public void Whatever_a_grain_may_have_rendered_is_an_answer() => Gen.OneOf(
        Gen.Byte.Array[0, 60],
        Gen.String[0, 60].Select(Encoding.UTF8.GetBytes),
        Gen.OneOf(new[] { "{", "}", "[", "\"resource_id\":", "\"reason\":", "1", "\"offline\"", ",", $"\"{Resource}\"", "null" }.Select(Gen.Const).ToArray()).Array[0, 8]
            .Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts))))
        .Sample(bytes =>
        {
            Assert.Equal("granted", FlowAnswer.Read(granted: true, bytes).Outcome);
            Assert.Contains(FlowAnswer.Read(granted: false, bytes).Outcome, (string[])["refused", "offline"]);
        });

    private static byte[] Created(Guid resource) => Encoding.UTF8.GetBytes($$"""{"resource_id":"{{resource}}","gateway_group_id":"x"}""");

    private static async Task AskAsync(FrontEndHost host, RawPeer peer, Guid resource)
    {
        await peer.SendTextAsync(
            $$$"""{"topic":"client","event":"create_flow","payload":{"resource_id":"{{{resource}}}","connected_gateway_ids":[]},"ref":3}""");
        await host.Cluster.Client.Flows.NextAsync();
    }
}
