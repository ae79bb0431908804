using Firezone.EndToEnd.Peers;
using Firezone.EndToEnd.Processes;
using Firezone.Storage.Postgres;

namespace Firezone.EndToEnd.Flows;

/// <summary>Two silo processes that found each other through PostgreSQL, and a front-end process.</summary>
public sealed class TwoSilosTests
{
    private const int Devices = 6;

    [Fact]
    public async Task Flows_cross_silos_and_sockets_survive_the_death_of_a_silo()
    {
        await using var portal = await Portal.TwoSilosAsync();
        await using var database = new Database(portal.ConnectionString);
        var account = await TestAccount.CreateAsync(database);
        using var gateway = await FlowScript.GatewayAsync(portal.FrontEndPort, account);
        await gateway.JoinAsync();
        var clients = new List<V1Peer>();
        try
        {
            for (var i = 0; i < Devices; i++)
            {
                var client = await FlowScript.ClientAsync(portal.FrontEndPort, account, $"device-{i}");
                clients.Add(client);
                await client.JoinAsync();
                await FlowScript.RunAsync(client, gateway, account);
            }

            portal.SecondSilo!.Signal("KILL");
            await portal.SecondSilo.ExitAsync(TimeSpan.FromSeconds(10));

            foreach (var client in clients)
                await RunUntilGrantedAsync(client, gateway, account);
        }
        finally
        {
            clients.ForEach(c => c.Dispose());
        }
    }

    /// <summary>As a device does: asks again every two seconds until the flow is there. Neither socket may close meanwhile.</summary>
    private static async Task RunUntilGrantedAsync(V1Peer client, V1Peer gateway, TestAccount account)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var granted = client.UntilAsync("flow_created");
        var answering = AnswerAsync(gateway, limit.Token);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(2));
        do
        {
            await client.SendAsync("create_flow", $$"""{"resource_id":"{{account.Resource}}","connected_gateway_ids":[]}""");
            await Task.WhenAny(granted, timer.WaitForNextTickAsync(limit.Token).AsTask());
        }
        while (!granted.IsCompleted);
        Assert.Equal(account.Resource.ToString(), (await granted)["resource_id"]!.GetValue<string>());
        await answering;
    }

    private static async Task AnswerAsync(V1Peer gateway, CancellationToken limit)
    {
        var authorize = await gateway.UntilAsync("authorize_flow").WaitAsync(limit);
        await gateway.SendAsync("flow_authorized", $$"""{"ref":"{{authorize["ref"]}}"}""");
    }
}
