using Firezone.EndToEnd.Peers;
using Firezone.EndToEnd.Processes;
using Firezone.Storage.Postgres;

namespace Firezone.EndToEnd.Flows;

/// <summary>A silo process and a front-end process that is its Orleans client.</summary>
public sealed class TwoProcessTests
{
    [Fact]
    public async Task A_flow_works_across_processes_and_a_killed_front_end_leaves_no_session_behind()
    {
        await using var portal = await Portal.SeparateAsync();
        await using var database = new Database(portal.ConnectionString);
        var account = await TestAccount.CreateAsync(database);

        using (var gateway = await FlowScript.GatewayAsync(portal.FrontEndPort, account))
        using (var client = await FlowScript.ClientAsync(portal.FrontEndPort, account))
        {
            await gateway.JoinAsync();
            await client.JoinAsync();
            await FlowScript.RunAsync(client, gateway, account);
            await Sessions.WaitUntilOpenAsync(database, account, "client", 1);
            await Sessions.WaitUntilOpenAsync(database, account, "gateway", 1);

            portal.FrontEnd!.Signal("KILL");
            await portal.FrontEnd.ExitAsync(TimeSpan.FromSeconds(10));
            await Sessions.WaitUntilOpenAsync(database, account, "client", 0);
            await Sessions.WaitUntilOpenAsync(database, account, "gateway", 0);
        }

        await portal.StartFrontEndAsync();
        using var gatewayAgain = await FlowScript.GatewayAsync(portal.FrontEndPort, account);
        await gatewayAgain.JoinAsync();
        using var clientAgain = await FlowScript.ClientAsync(portal.FrontEndPort, account);
        await clientAgain.JoinAsync();
        await FlowScript.RunAsync(clientAgain, gatewayAgain, account);
    }
}
