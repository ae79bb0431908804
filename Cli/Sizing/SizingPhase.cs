using Firezone.Bench.Load;

namespace Firezone.Cli.Sizing;

/// <summary>A phase of the load, and what came of it.</summary>
internal sealed record SizingPhase(string Name, Outcome Outcome);
