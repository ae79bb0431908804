namespace Firezone.Bench.Load;

/// <summary>What came of a phase.</summary>
/// <param name="Operations">How many were played.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Latencies">Of those that succeeded.</param>
/// <param name="Errors">Empty, or what failed and how often.</param>
internal sealed record PhaseOutcome(int Operations, TimeSpan Elapsed, Latencies Latencies, string Errors);
