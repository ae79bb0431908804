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

            using var stop = new CancellationTokenSource();
            var answering = AnswerAllAsync(gateway, stop.Token);
            foreach (var client in clients)
                await RunUntilGrantedAsync(client, account, portal);
            await stop.CancelAsync();
            gateway.Dispose();
            await answering;
        }
        finally
        {
            clients.ForEach(c => c.Dispose());
        }
    }

    /// <summary>As a device does: asks again every two seconds until the flow is there. Its socket may not close meanwhile.</summary>
    private static async Task RunUntilGrantedAsync(V1Peer client, TestAccount account, Portal portal)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        var granted = client.UntilAsync("flow_created");
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(2));
        while (!granted.IsCompleted)
        {
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"No flow within 90 s; last heard {client.LastReceived}\n{portal.FrontEnd!.Output}\n{portal.Silo!.Output}");
            await client.SendAsync("create_flow", $$"""{"resource_id":"{{account.Resource}}","connected_gateway_ids":[]}""");
            await Task.WhenAny(granted, timer.WaitForNextTickAsync(CancellationToken.None).AsTask());
        }

        Assert.Equal(account.Resource.ToString(), (await granted)["resource_id"]!.GetValue<string>());
    }

    /// <summary>As a gateway does: acknowledges every request on the one socket that it has.</summary>
    private static async Task AnswerAllAsync(V1Peer gateway, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var authorize = await gateway.UntilAsync("authorize_flow");
                await gateway.SendAsync("flow_authorized", $$"""{"ref":"{{authorize["ref"]}}"}""");
            }
            catch (OperationCanceledException)
            {
                // No frame for a while: the cluster is still finding out that the silo is dead.
            }
            catch (Exception e) when (stop.IsCancellationRequested && e is IOException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
