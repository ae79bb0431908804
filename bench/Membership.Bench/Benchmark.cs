using Firezone.Membership.Node.Driving;

namespace Firezone.Membership.Bench;

/// <summary>Measures one thing after the other, with one provider after the other, on one PostgreSQL server.</summary>
internal static class Benchmark
{
    private static readonly (string Name, Func<Plan, Column, OwnPostgres, Task> Run)[] Measurements =
    [
        ("views", Views.RunAsync),
        ("frozen", Frozen.RunAsync),
        ("idle", Idle.RunAsync),
        ("restart", Restart.RunAsync),
        ("rolling", Rolling.RunAsync),
    ];

    public static IEnumerable<string> Things => Measurements.Select(measurement => measurement.Name);

    public static async Task<IReadOnlyList<Column>> RunAsync(Plan plan, IEnumerable<string> providers, IReadOnlyCollection<string> only, CancellationToken ct)
    {
        await using var server = await OwnPostgres.StartAsync();
        List<Column> columns = [.. providers.Select(provider => new Column(provider))];
        foreach (var column in columns)
        {
            foreach (var (name, run) in Measurements.Where(measurement => only.Contains(measurement.Name)))
            {
                ct.ThrowIfCancellationRequested();
                Console.Error.WriteLine($"{column.Provider,-8} {name} ...");
                await run(plan, column, server);
            }
        }

        return columns;
    }
}
