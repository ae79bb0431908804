namespace Firezone.Bench.Benchmarking;

/// <summary>One line of the result.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="CpuPerThousand">Median CPU seconds of the server per 1,000 operations; null if the figure is not about operations.</param>
/// <param name="Spread">Smallest and largest of the repetitions; null for a single one.</param>
/// <param name="PerSecond">Operations per second, with the load on the same machine.</param>
/// <param name="P50">Median duration of an operation.</param>
/// <param name="P99">99th percentile of the duration.</param>
internal sealed record Figure(
    string Name, double? CpuPerThousand, (double Low, double High)? Spread, double? PerSecond, TimeSpan? P50, TimeSpan? P99);
