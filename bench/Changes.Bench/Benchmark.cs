namespace Firezone.Changes.Bench;

/// <summary>Measures one thing after the other, each on a server and silos of its own.</summary>
internal static class Benchmark
{
    private static readonly (string Name, Func<Plan, Rows, CancellationToken, Task> Run)[] Measurements =
    [
        ("changes", PolicyChanges.RunAsync),
        ("bulk", BulkChanges.RunAsync),
        ("memory", Memory.RunAsync),
    ];

    public static IEnumerable<string> Things => Measurements.Select(measurement => measurement.Name);

    public static async Task<Rows> RunAsync(Plan plan, IReadOnlyCollection<string> only, CancellationToken ct)
    {
        var rows = new Rows();
        foreach (var (_, run) in Measurements.Where(measurement => only.Contains(measurement.Name)))
            await run(plan, rows, ct);
        return rows;
    }
}
