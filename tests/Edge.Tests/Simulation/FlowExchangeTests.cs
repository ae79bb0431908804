using Firezone.Edge.Simulation;
using Firezone.Edge.Tests.PortalClient.Support;
using Firezone.Edge.Tests.Simulation.Support;
using Firezone.Wire.Relay;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Edge.Tests.Simulation;

public sealed class FlowExchangeTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ListTranscript _transcript = new();

    [Fact]
    public async Task A_flow_whose_ends_were_told_the_same_succeeds()
    {
        await using var portal = new MiniPortal();

        var report = await RunAsync(portal);

        Assert.True(report.Succeeded, report.Summary);
        Assert.StartsWith("The flow is authorised:", report.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Different_preshared_keys_are_found()
    {
        await using var portal = new MiniPortal { TellDifferentKeys = true };

        var report = await RunAsync(portal);

        Assert.False(report.Succeeded);
        Assert.Equal("The flow is authorised, but the preshared keys differ.", report.Summary);
    }

    [Fact]
    public async Task Candidates_that_do_not_arrive_are_found()
    {
        await using var portal = new MiniPortal { DropGatewayCandidates = true };

        var running = RunAsync(portal);
        await portal.Dropped.WaitAsync(FakePortal.Patience);
        await _transcript.Log.FirstAsync(
            line => line.StartsWith("gateway Received ice_candidates", StringComparison.Ordinal), 0, CancellationToken.None)
            .WaitAsync(FakePortal.Patience);
        while (!running.IsCompleted)
        {
            // The wait for candidates starts after the rest of the exchange.
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal("The flow is authorised, but the gateway's candidates did not reach the client.", (await running).Summary);
    }

    [Fact]
    public async Task A_refusal_is_reported_with_its_reason()
    {
        await using var portal = new MiniPortal { Refuse = "offline" };

        var report = await RunAsync(portal);

        Assert.Equal("The portal refused the flow: offline.", report.Summary);
    }

    [Fact]
    public async Task The_transcript_shows_every_message_and_no_key()
    {
        await using var portal = new MiniPortal();
        await RunAsync(portal);

        var text = string.Join('\n', _transcript.Lines);
        foreach (var line in new[]
        {
            "relay Received init", "gateway Received init", "client Received init", "client Sent create_flow",
            "gateway Received authorize_flow", "gateway Sent flow_authorized", "client Received flow_created",
            "client Sent broadcast_ice_candidates", "gateway Received ice_candidates", "client Received ice_candidates",
        })
            Assert.Contains(line, text, StringComparison.Ordinal);
        Assert.DoesNotContain("preshared\n", text + "\n", StringComparison.Ordinal);
        Assert.Contains("preshared key presha…", text, StringComparison.Ordinal);
        Assert.DoesNotContain("token-of-", text, StringComparison.Ordinal);
    }

    private async Task<FlowReport> RunAsync(MiniPortal portal)
    {
        var ct = CancellationToken.None;
        var services = new SimulationServices(_transcript, _time, NullLoggerFactory.Instance, TimeSpan.FromSeconds(10));
        await using var relay = new SimulatedRelay(Options(portal, "relay"), services);
        relay.Start();
        await relay.ReadyAsync(ct).WaitAsync(FakePortal.Patience);
        await using var gateway = new SimulatedGateway(Options(portal, "gateway"), services);
        gateway.Start();
        await gateway.ReadyAsync(ct).WaitAsync(FakePortal.Patience);
        await using var client = new SimulatedClient(Options(portal, "client"), services);
        client.Start();
        var resource = await client.ResourceAsync("Lab", ct).WaitAsync(FakePortal.Patience);
        var entry = await client.RelayAsync(RelayIds.FromStampSecret(relay.StampSecret), ct).WaitAsync(FakePortal.Patience);
        Assert.Equal(entry.Password, TurnCredentials.Derive(client.PublicKey, relay.StampSecret, entry.ExpiresAt).Password);
        return await new FlowExchange(client, gateway, _time).RunAsync(resource.Id, ct).WaitAsync(FakePortal.Patience);
    }

    private static SimulatedDeviceOptions Options(MiniPortal portal, string name) =>
        new() { Portal = portal.Listener.Address, Token = "token-of-" + name, Name = name };
}
