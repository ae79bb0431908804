using System.Collections.Concurrent;
using System.Diagnostics;
using Firezone.Gateway.WebSockets.Telemetry;
using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Shared.Peers;

namespace Firezone.Gateway.WebSockets.Tests.Telemetry;

public sealed class TraceTests
{
    private static readonly Guid Resource = Guid.Parse("0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0003");

    [Fact]
    public async Task Nothing_is_current_in_a_session_when_nobody_listens()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await OpenAsync(host);
        Assert.Null(await CurrentInFlowAsync(host, peer));
    }

    [Fact]
    public async Task A_flow_is_a_trace_of_its_own_whatever_the_peer_sent_along()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is FrontEndTraces.SourceName or "Microsoft.AspNetCore",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var host = await FrontEndHost.StartAsync();
        using var seen = new Measurements(host);
        using var peer = await OpenAsync(host);
        var current = await CurrentInFlowAsync(host, peer);

        Assert.Equal("create_flow", current!.OperationName);
        Assert.Equal(default, current.ParentSpanId);
        var session = (await host.Cluster.Client.Attaches.NextAsync()).Session;
        var outer = Activity.Current;
        await session.FrontEnd.Push(
            session.SessionId, 0, "flow_created", System.Text.Encoding.UTF8.GetBytes($$"""{"resource_id":"{{Resource}}"}"""), 0);
        Assert.Same(outer, Activity.Current);
        await seen.WaitAsync("flow.duration outcome=granted request=create_flow");
        Assert.True(current.IsStopped);
        Assert.Equal("granted", current.GetTagItem("firezone.outcome"));

        var own = ended.Where(a => a.Source.Name == FrontEndTraces.SourceName).ToList();
        Assert.All(own, span => Assert.Equal(default, span.ParentSpanId));
        Assert.Contains(own, span => span.OperationName == "connect");
        Assert.Contains(own, span => span.OperationName == "join");
        Assert.All(own, span => Assert.Subset(
            new HashSet<string> { "firezone.peer.kind", "firezone.outcome" }, span.TagObjects.Select(tag => tag.Key).ToHashSet()));
    }

    private static Task<RawPeer> OpenAsync(FrontEndHost host) =>
        host.OpenAsync(Connect.Client().WithHeader("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));

    /// <summary>What is current while the client's grain is called.</summary>
    private static async Task<Activity?> CurrentInFlowAsync(FrontEndHost host, RawPeer peer)
    {
        var current = new TaskCompletionSource<Activity?>(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Cluster.Client.OnCreateFlow = () =>
        {
            current.TrySetResult(Activity.Current);
            return Task.CompletedTask;
        };
        await peer.SendTextAsync(FrontEndHost.Join);
        await peer.ReceiveTextAsync();
        await peer.SendTextAsync(
            $$$"""{"topic":"client","event":"create_flow","payload":{"resource_id":"{{{Resource}}}","connected_gateway_ids":[]},"ref":3}""");
        return await current.Task.WaitAsync(RawPeer.Patience);
    }
}
