using Microsoft.Extensions.Logging;

namespace Firezone.Edge.Simulation;

/// <summary>What all devices of a simulation share.</summary>
/// <param name="Transcript">Where they write what happens.</param>
/// <param name="Time">Their clock.</param>
/// <param name="Loggers">For the channels' own logs.</param>
/// <param name="Patience">How long they wait for anything the portal should do.</param>
public sealed record SimulationServices(ITranscript Transcript, TimeProvider Time, ILoggerFactory Loggers, TimeSpan Patience);
