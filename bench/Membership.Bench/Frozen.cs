using Firezone.Membership.Node.Driving;

namespace Firezone.Membership.Bench;

/// <summary>A silo stands still (SIGSTOP): its connections stay open and nobody answers on them.</summary>
internal static class Frozen
{
    public static async Task RunAsync(Plan plan, Column column, OwnPostgres server)
    {
        await using var trio = await Trio.StartAsync(column.Provider, server.ConnectionString(await server.CreateDatabaseAsync()));
        for (var run = 0; run < (column.IsStock ? plan.SlowRuns : plan.Runs); run++)
        {
            var fourth = await trio.Cluster.StartSiloAsync();
            var name = fourth.Silo;
            await NodeCluster.AgreeAsync(trio.Silos, [.. trio.Silos, fourth], Plan.Cap);
            var sent = fourth.Signal(NodeSignal.Stop);
            column.Add(Rows.Frozen, await Clocked.MillisecondsAsync(sent, Clocked.Without(trio.Silos, name, sent)));
            await fourth.DisposeAsync();
            await trio.SettleAsync();
        }
    }
}
