using Firezone.Membership.Node.Driving;

namespace Firezone.Membership.Bench;

/// <summary>A fourth silo comes and is told to stop; another comes and is killed.</summary>
internal static class Views
{
    public static async Task RunAsync(Plan plan, Column column, OwnPostgres server)
    {
        await using var trio = await Trio.StartAsync(column.Provider, server.ConnectionString(await server.CreateDatabaseAsync()));
        var waits = 0;
        // The first round is not counted: its code is compiled only then.
        for (var run = 0; run <= plan.Runs; run++)
        {
            foreach (var signal in (NodeSignal[])[NodeSignal.Terminate, NodeSignal.Kill])
            {
                var counts = run > 0;
                var waitForClient = counts && signal == NodeSignal.Terminate && (!column.IsStock || waits++ < plan.SlowRuns);
                var fourth = await JoinAsync(trio, column, counts, waitForClient);
                await trio.MakeKnownAsync(fourth);
                await LeaveAsync(trio, column, fourth, signal, counts);
            }
        }
    }

    private static async Task<NodeProcess> JoinAsync(Trio trio, Column column, bool counts, bool waitForClient)
    {
        var fourth = await trio.Cluster.StartSiloAsync();
        var active = await fourth.ActiveAsync(Plan.Cap);
        var silos = Clocked.MillisecondsAsync(active, trio.Silos.Select(silo => silo.WhenViewAsync(view => view.IsActive(fourth.Silo), active, Plan.Cap)));
        if (waitForClient)
        {
            var client = trio.Client.WhenGatewaysAsync(live => live.Contains(fourth.Gateway), active, Plan.Cap);
            column.Add(Rows.JoinClient, await Clocked.MillisecondsAsync(active, client));
        }

        if (counts)
            column.Add(Rows.JoinSilos, await silos);
        return fourth;
    }

    private static async Task LeaveAsync(Trio trio, Column column, NodeProcess fourth, NodeSignal signal, bool counts)
    {
        var (name, gateway) = (fourth.Silo, fourth.Gateway);
        var sent = fourth.Signal(signal);
        var silos = await Clocked.MillisecondsAsync(sent, Clocked.Without(trio.Silos, name, sent));
        var client = await Clocked.MillisecondsAsync(sent, Clocked.Without(trio.Client, gateway, sent));
        if (counts)
        {
            column.Add(signal == NodeSignal.Kill ? Rows.KillSilos : Rows.TermSilos, silos);
            column.Add(signal == NodeSignal.Kill ? Rows.KillClient : Rows.TermClient, client);
        }

        await fourth.ExitAsync(Plan.Cap);
        await trio.SettleAsync();
    }
}
