using System.Collections.Concurrent;
using System.Diagnostics;
using Firezone.EndToEnd.Processes;
using Firezone.Shared;
using Npgsql;
using Xunit.Abstractions;

namespace Firezone.EndToEnd.Replicas;

/// <summary>The primary dies and its synchronous standby takes over, while devices are connected and ask for flows.</summary>
[Collection(ReplicasCollection.Name)]
public sealed class PromotionTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan RightAgain = TimeSpan.FromSeconds(5);

    private sealed record Flow(FleetDevice Device, Guid Resource, TimeSpan Asked, TimeSpan Answered, string? Refusal);

    [Fact]
    public Task A_promotion_costs_no_session_and_no_acknowledged_flow() => PromoteAsync(devices: 200, flowsPerSecond: 10);

    [Fact]
    [Trait("Form", "Long")]
    public Task A_promotion_among_many_costs_no_session_and_no_acknowledged_flow() => PromoteAsync(devices: 2_000, flowsPerSecond: 50);

    private async Task PromoteAsync(int devices, int flowsPerSecond)
    {
        await using var replicated = await ReplicatedPortal.StartAsync(output, synchronous: true);
        var (cluster, portal) = (replicated.Cluster, replicated.Portal);
        await using var fleet = await Fleet.CreateAsync(portal, devices, resources: 20);
        await fleet.ConnectAsync();
        await using var gateway = await fleet.ConnectGatewayAsync();

        var clock = Stopwatch.StartNew();
        using var stop = new CancellationTokenSource();
        var flowing = FlowsAsync(fleet, flowsPerSecond, clock, stop.Token);
        await PassAsync(TimeSpan.FromSeconds(2));
        var killed = clock.Elapsed;
        await cluster.Primary.KillAsync();
        await PassAsync(TimeSpan.FromSeconds(6)); // longer than a flow waits for its row
        await cluster.Standby.PromoteAsync();
        var promoted = clock.Elapsed;
        await PassAsync(RightAgain + TimeSpan.FromSeconds(3));
        await stop.CancelAsync();
        var flows = await flowing;

        var granted = flows.Where(flow => flow.Refusal is null).ToArray();
        var again = granted.Where(flow => flow.Answered > promoted).Select(flow => flow.Answered - promoted).Order().ToArray();
        output.WriteLine($"killed at {killed.TotalSeconds:0.0} s, promoted at {promoted.TotalSeconds:0.0} s; {flows.Count} flows, {granted.Length} granted, "
            + $"first after promotion {again.FirstOrDefault().TotalSeconds:0.00} s");
        foreach (var reason in flows.GroupBy(flow => flow.Refusal ?? "granted"))
        {
            output.WriteLine($"{reason.Count(),6} {reason.Key}: asked {reason.Min(f => f.Asked).TotalSeconds:0.0}-{reason.Max(f => f.Asked).TotalSeconds:0.0} s, "
                + $"longest wait {reason.Max(f => f.Answered - f.Asked).TotalSeconds:0.0} s");
        }

        Assert.Empty(Refused(flows.Where(flow => flow.Refusal?.StartsWith("no answer", StringComparison.Ordinal) == true)));
        Assert.Empty(Refused(flows.Where(flow => flow.Answered < killed)));
        Assert.NotEmpty(Refused(flows));
        Assert.Empty(Refused(flows.Where(flow => flow.Asked > promoted + RightAgain)));
        Assert.Empty(await WithoutRowAsync(cluster.Standby, granted));
        await NobodyIsLostAsync(cluster.Standby, fleet, gateway);
    }

    // Each pair of device and resource is asked for once, so that every flow has a row of its own.
    private static async Task<IReadOnlyCollection<Flow>> FlowsAsync(Fleet fleet, int perSecond, Stopwatch clock, CancellationToken ct)
    {
        var flows = new ConcurrentBag<Flow>();
        var asked = new List<Task>();
        var idle = new ConcurrentQueue<(FleetDevice Device, int Resource)>(fleet.Devices.Select(device => (device, 0)));
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / perSecond), TimeProvider.System);
        while (!ct.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
            if (!idle.TryDequeue(out var next))
                throw new InvalidOperationException("All devices wait for an answer.");
            asked.Add(Task.Run(async () =>
            {
                var since = clock.Elapsed;
                var refusal = await next.Device.FlowAsync(fleet.Resources[next.Resource], Patience);
                flows.Add(new Flow(next.Device, fleet.Resources[next.Resource], since, clock.Elapsed, refusal));
                if (next.Resource + 1 < fleet.Resources.Length)
                    idle.Enqueue((next.Device, next.Resource + 1));
            }, CancellationToken.None));
        }

        await Task.WhenAll(asked);
        return flows;
    }

    private static IEnumerable<string> Refused(IEnumerable<Flow> flows) => flows
        .Where(flow => flow.Refusal is not null)
        .Select(flow => $"asked at {flow.Asked}, answered at {flow.Answered}: {flow.Refusal}");

    private static async Task<IReadOnlyList<string>> WithoutRowAsync(PostgresNode primary, IReadOnlyList<Flow> granted)
    {
        await using var connection = new NpgsqlConnection(primary.ConnectionString() + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            """
            select g.device || ' ' || g.resource from unnest($1, $2) as g (device, resource)
            where not exists (
                select from policy_authorizations a join clients c on c.id = a.client_id
                where c.external_id = g.device and a.resource_id = g.resource)
            """,
            connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. granted.Select(flow => flow.Device.ExternalId)] });
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. granted.Select(flow => flow.Resource)] });
        await using var reader = await command.ExecuteReaderAsync();
        var missing = new List<string>();
        while (await reader.ReadAsync())
            missing.Add(reader.GetString(0));
        return missing;
    }

    // Every socket is the one from before, is served, and hears of what changes on the new primary.
    private static async Task NobodyIsLostAsync(PostgresNode primary, Fleet fleet, FleetGateway gateway)
    {
        Assert.True(gateway.IsConnected, "The gateway's socket was closed.");
        Assert.DoesNotContain(fleet.Devices, device => !device.IsConnected);
        await primary.ExecuteAsync($"update resources set name = 'Renamed' where id = '{fleet.Resources[0]}'");
        var told = await Task.WhenAll(fleet.Devices.Select(device => device.ReceivesAsync("resource_created_or_updated", Patience)));
        Assert.Equal(0, told.Count(t => !t));
        var answered = await Task.WhenAll(fleet.Devices.Select(device => device.AnswersAsync(Patience)));
        Assert.Equal(0, answered.Count(a => !a));
    }

    private static Task PassAsync(TimeSpan time) => Task.Delay(time, TimeProvider.System);
}
