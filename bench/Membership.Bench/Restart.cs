using Firezone.Membership.Node.Driving;

namespace Firezone.Membership.Bench;

/// <summary>All silos are killed, and three new ones are started on other ports, as a new deployment would be.</summary>
internal static class Restart
{
    public static async Task RunAsync(Plan plan, Column column, OwnPostgres server)
    {
        var connection = server.ConnectionString(await server.CreateDatabaseAsync());
        for (var run = 0; run < (column.IsStock ? plan.SlowRuns : plan.Runs); run++)
        {
            await using var cluster = new NodeCluster(column.Provider, connection);
            var before = await cluster.StartSilosAsync(Plan.Silos);
            foreach (var silo in before)
                silo.Signal(NodeSignal.Kill);
            await Task.WhenAll(before.Select(silo => silo.ExitAsync(Plan.Cap)));

            var started = NodeProcess.Now();
            var after = await Task.WhenAll(Enumerable.Range(0, Plan.Silos).Select(_ => cluster.LaunchSiloAsync()));
            // A silo that gives up is not the first one.
            var active = after.Select(silo => Clocked.MillisecondsAsync(started, silo.ActiveAsync(Plan.Cap))).ToList();
            var first = await await Task.WhenAny(active);
            column.Add(Rows.Restart, double.IsFinite(first) ? first : (await Task.WhenAll(active)).Min());
        }
    }
}
