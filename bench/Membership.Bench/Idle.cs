using Firezone.Membership.Node.Driving;

namespace Firezone.Membership.Bench;

/// <summary>Counts what the database is asked by three silos and a client that do nothing.</summary>
internal static class Idle
{
    public static async Task RunAsync(Plan plan, Column column, OwnPostgres server)
    {
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteAsync("create extension if not exists pg_stat_statements");
        await using var trio = await Trio.StartAsync(column.Provider, server.ConnectionString(database));
        // What belongs to the start is over by then.
        await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System);
        var before = await CountAsync(server, database);
        await Task.Delay(plan.Idle, TimeProvider.System);
        var after = await CountAsync(server, database);
        column.Add(Rows.Idle, (after - before) / plan.Idle.TotalSeconds / Plan.Silos);
    }

    // Asked for in another database, so that the asking does not count.
    private static async Task<double> CountAsync(OwnPostgres server, string database) => Convert.ToDouble(
        await server.ExecuteAsync(
            $"select coalesce(sum(calls), 0)::float8 from pg_stat_statements where dbid = (select oid from pg_database where datname = '{database}')"),
        System.Globalization.CultureInfo.InvariantCulture);
}
