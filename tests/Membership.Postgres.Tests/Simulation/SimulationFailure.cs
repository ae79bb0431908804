namespace Firezone.Membership.Postgres.Tests.Simulation;

/// <summary>An invariant does not hold.</summary>
internal sealed class SimulationFailure(string message) : Exception(message);
