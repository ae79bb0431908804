using System.Diagnostics;
using Firezone.EndToEnd.Flows;
using Firezone.EndToEnd.Peers;
using Firezone.Shared.Peers;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Firezone.EndToEnd.Observability;

// One node at a time: what listens, listens to the whole process.
[Collection("Observability")]
public sealed class TraceTests
{
    private const string DeviceAddress = "203.0.113.77";

    [Fact]
    public async Task A_flow_is_one_trace_through_front_end_grains_and_database()
    {
        await using var receiver = await TraceReceiver.StartAsync();
        await using var node = await ObservedNode.StartAsync(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Url),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_METRICS_EXPORTER", "none"),
            ("Telemetry:TraceRatio", "1"));
        var account = await TestAccount.CreateAsync(node.Database);
        var key = TestAccount.NewKey();
        using (var gateway = await FlowScript.GatewayAsync(node.Port, account))
        using (var client = await ConnectAsync(node.Port, account, key))
        {
            await gateway.JoinAsync();
            await client.JoinAsync();
            await FlowScript.RunAsync(client, gateway, account);
        }

        // All spans have ended then.
        await node.StopAsync();
        node.Services.GetRequiredService<TracerProvider>().ForceFlush();

        var flow = Assert.Single(node.Spans, span => span.OperationName == "create_flow");
        Assert.Equal(default, flow.ParentSpanId);
        Assert.Equal("granted", flow.GetTagItem("firezone.outcome"));
        var spans = node.Spans.Where(span => span.TraceId == flow.TraceId).ToList();
        var asked = Assert.Single(spans, span => Is(span, "IClientGrain/CreateFlow", ActivityKind.Internal));
        var authorized = Assert.Single(spans, span => Is(span, "IGatewayGrain/AuthorizeFlow", ActivityKind.Internal));
        var written = Assert.Single(spans, span => span.OperationName == "write authorizations");
        Assert.Single(spans, span => Is(span, "ISiteGrain/Watch", ActivityKind.Server));
        Assert.Single(spans, span => Is(span, "IClientGrain/FlowAuthorized", ActivityKind.Internal));
        Assert.Contains(spans, span => span.Source.Name == "Npgsql" && span.ParentSpanId == written.SpanId);
        Assert.Equal(authorized.SpanId, written.ParentSpanId);
        Assert.True(Leads(spans, from: authorized, to: asked) && Leads(spans, from: asked, to: flow));

        var connects = node.Spans.Where(span => span.OperationName == "connect").ToList();
        Assert.Equal(2, connects.Count);
        Assert.All(connects, connect => Assert.Contains(node.Spans, span => span.TraceId == connect.TraceId && span.Source.Name == "Npgsql"));
        Assert.Equal(2, node.Spans.Count(span => span.OperationName == "join" && span.ParentSpanId == default));

        var sent = receiver.Received;
        Assert.Contains("create_flow", sent);
        Assert.All(
            [account.Client.Text, account.Gateway.Text, key, Uri.EscapeDataString(key), DeviceAddress, "external_id=", "Bearer "],
            secret => Assert.DoesNotContain(secret, sent));
    }

    [Fact]
    public async Task Nothing_is_traced_or_measured_unless_asked_for()
    {
        await using var node = await ObservedNode.StartAsync();
        var (_, client, gateway) = await node.ServeFlowAsync();
        using (client)
        using (gateway)
        {
            Assert.Null(node.Services.GetService<TracerProvider>());
            Assert.Null(node.Services.GetService<MeterProvider>());
            Assert.DoesNotContain(node.Services.GetServices<IOutgoingGrainCallFilter>(), filter => filter.GetType().Name.Contains("Activity"));
            Assert.DoesNotContain(node.Services.GetServices<IIncomingGrainCallFilter>(), filter => filter.GetType().Name.Contains("Activity"));
            using var http = new HttpClient();
            Assert.Equal(System.Net.HttpStatusCode.NotFound, (await http.GetAsync($"http://127.0.0.1:{node.HealthPort}/metrics")).StatusCode);
        }

        Assert.Empty(node.Spans);
    }

    private static Task<V1Peer> ConnectAsync(int port, TestAccount account, string key) => V1Peer.ConnectAsync(
        port,
        "client",
        Connect.Client().WithToken(account.Client.Text).With("external_id", "laptop").With("public_key", key)
            .WithHeader("X-Forwarded-For", DeviceAddress)
            // As if the device wanted to be in somebody's trace.
            .WithHeader("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));

    private static bool Is(Activity span, string name, ActivityKind kind) => span.DisplayName == name && span.Kind == kind;

    private static bool Leads(List<Activity> spans, Activity from, Activity to)
    {
        for (var span = from; span is not null; span = spans.Find(s => s.SpanId == span.ParentSpanId))
        {
            if (span == to)
                return true;
        }

        return false;
    }
}
