using Firezone.Membership.Node.Driving;

namespace Firezone.Membership.Bench;

/// <summary>One silo after the other is told to stop and replaced, while a client calls grains.</summary>
internal static class Rolling
{
    public static async Task RunAsync(Plan plan, Column column, OwnPostgres server)
    {
        await using var trio = await Trio.StartAsync(column.Provider, server.ConnectionString(await server.CreateDatabaseAsync()));
        for (var run = 0; run < plan.Runs; run++)
        {
            await trio.RenewClientAsync();
            await trio.CallAsync(TimeSpan.FromSeconds(3));
            var (concurrency, grains, pause) = Plan.Load;

            await trio.Client.StartLoadAsync(concurrency, grains, pause);
            await Task.Delay(plan.Calm, TimeProvider.System);
            var calm = await trio.Client.StopLoadAsync();

            // On one machine the start of any process takes the processor from the calls: for comparison, one that nobody has to make room for.
            await trio.Client.StartLoadAsync(concurrency, grains, pause);
            var further = await trio.Cluster.StartSiloAsync();
            await NodeCluster.AgreeAsync(trio.Silos, [.. trio.Silos, further], Plan.Cap);
            var joined = await trio.Client.StopLoadAsync();
            further.Signal(NodeSignal.Terminate);
            await further.ExitAsync(Plan.Cap);
            await trio.SettleAsync();

            await trio.Client.StartLoadAsync(concurrency, grains, pause);
            await RollAsync(trio);
            var rolled = await trio.Client.StopLoadAsync();

            column.Add(Rows.RollCalls, rolled.Count);
            column.Add(Rows.RollFirst, rolled.Failed);
            column.Add(Rows.RollFailed, rolled.FailedAfterRetry);
            column.Add(Rows.RollCalm, calm.P99);
            column.Add(Rows.RollJoin, joined.P99);
            column.Add(Rows.RollP99, rolled.P99);
            column.Add(Rows.RollRatio, rolled.P99 / calm.P99);
            foreach (var (error, count) in rolled.Errors)
                Console.Error.WriteLine($"{column.Provider,-8}   {count} x {error}");
        }
    }

    private static async Task RollAsync(Trio trio)
    {
        for (var i = 0; i < trio.Silos.Count; i++)
        {
            var leaver = trio.Silos[i];
            leaver.Signal(NodeSignal.Terminate);
            await leaver.ExitAsync(Plan.Cap);
            trio.Silos[i] = await trio.Cluster.StartSiloAsync();
            await trio.SettleAsync();
        }
    }
}
