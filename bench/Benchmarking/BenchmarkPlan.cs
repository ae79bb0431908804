namespace Firezone.Bench.Benchmarking;

/// <summary>How much of everything is played.</summary>
/// <param name="Clients">Numbers of connected clients at which flows are measured, ascending.</param>
/// <param name="Gateways">Gateways that share the flows.</param>
/// <param name="WarmupClients">Clients that come and go first, twice.</param>
/// <param name="WarmupOperations">Flows and heartbeats that let the server's compiler finish.</param>
/// <param name="Flows">Flows per measurement.</param>
/// <param name="Heartbeats">Heartbeats per measurement.</param>
/// <param name="Repetitions">Measurements per figure; the median counts.</param>
/// <param name="Rest">Quiet time before memory is read.</param>
/// <param name="Concurrency">
/// Operations under way at any time, four times as many for connects. No more than the fewest clients, so that all steps are played alike.
/// </param>
internal sealed record BenchmarkPlan(
    int[] Clients,
    int Gateways,
    int WarmupClients,
    int WarmupOperations,
    int Flows,
    int Heartbeats,
    int Repetitions,
    TimeSpan Rest,
    int Concurrency)
{
    /// <summary>How many tokens it takes; clients of the warm-up are not measured, so that measured ones are new.</summary>
    public int Tokens => Clients[^1] + WarmupClients;

    /// <summary>The figures that are quoted.</summary>
    public static BenchmarkPlan Full { get; } =
        new([10, 1000, 5000], 4, 500, 5000, 3000, 10_000, 3, TimeSpan.FromSeconds(8), 8);

    /// <summary>Does everything once, in well under a minute; its figures are rough.</summary>
    public static BenchmarkPlan Short { get; } =
        new([10, 100, 300], 2, 50, 500, 1000, 2000, 1, TimeSpan.FromSeconds(1), 8);
}
