using System.Net;
using Firezone.Edge.PortalClient.Addressing;
using Firezone.Edge.Simulation;
using Firezone.Wire.Relay;
using Microsoft.Extensions.Logging.Abstractions;

namespace Firezone.Bench.Simulate;

/// <summary>A relay, then a gateway, then a client; then flows, each compared from both ends.</summary>
internal sealed record Scenario(
    PortalAddress Portal,
    string ClientToken,
    string GatewayToken,
    string RelayToken,
    string? Resource,
    int Flows,
    TimeSpan Patience,
    IPAddress? Source)
{
    /// <summary>True if every flow succeeded.</summary>
    /// <exception cref="SimulationException">Something did not happen at all.</exception>
    public async Task<bool> RunAsync(TextWriter output, CancellationToken ct)
    {
        var time = TimeProvider.System;
        var services = new SimulationServices(new ConsoleTranscript(output, time), time, NullLoggerFactory.Instance, Patience);

        await using var relay = new SimulatedRelay(Options("relay", RelayToken), services);
        relay.Start();
        await relay.ReadyAsync(ct);
        await using var gateway = new SimulatedGateway(Options("gateway", GatewayToken), services);
        gateway.Start();
        await gateway.ReadyAsync(ct);
        await using var client = new SimulatedClient(Options("client", ClientToken), services);
        client.Start();
        var resource = await client.ResourceAsync(Resource, ct);
        await CheckRelayAsync(client, relay, services, ct);

        var exchange = new FlowExchange(client, gateway, time);
        var reports = new List<FlowReport>();
        for (var flow = 0; flow < Flows; flow++)
            reports.Add(await exchange.RunAsync(resource.Id, ct));

        return await SummariseAsync(output, reports);
    }

    private static async Task CheckRelayAsync(
        SimulatedClient client, SimulatedRelay relay, SimulationServices services, CancellationToken ct)
    {
        var entry = await client.RelayAsync(RelayIds.FromStampSecret(relay.StampSecret), ct);
        var (username, password) = TurnCredentials.Derive(client.PublicKey, relay.StampSecret, entry.ExpiresAt);
        if ((entry.Username, entry.Password) != (username, password))
            throw new SimulationException("The client got credentials for the relay that the relay would refuse.");
        services.Transcript.Write(client.Name, TranscriptKind.Note, "relay usable", $"{entry.Addr} would accept the client's credentials");
    }

    private static async Task<bool> SummariseAsync(TextWriter output, List<FlowReport> reports)
    {
        var succeeded = reports.Count(report => report.Succeeded);
        await output.WriteLineAsync();
        foreach (var group in reports.GroupBy(report => report.Summary))
            await output.WriteLineAsync(reports.Count == 1 ? group.Key : $"{group.Count()} x {group.Key}");
        var average = reports.Average(report => report.Elapsed.TotalMilliseconds);
        var verdict = succeeded == reports.Count ? "OK" : "FAILED";
        await output.WriteLineAsync(
            $"{verdict}: {succeeded} of {reports.Count} flows, {average:0.0} ms from create_flow to flow_created on average");
        return succeeded == reports.Count;
    }

    private SimulatedDeviceOptions Options(string name, string token) =>
        new() { Portal = Portal, Token = token, Name = name, SourceAddress = Source };
}
