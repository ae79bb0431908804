namespace Firezone.Edge.Simulation;

/// <summary>A simulated device cannot go on; the message is a sentence for people.</summary>
public sealed class SimulationException(string message) : Exception(message);
