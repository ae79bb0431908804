namespace Firezone.Edge.Simulation;

/// <summary>Where simulated devices write what they say and hear; called from any thread.</summary>
public interface ITranscript
{
    /// <summary>One line. No argument holds a whole key or a token.</summary>
    /// <param name="device">Name of the device.</param>
    /// <param name="kind">Direction.</param>
    /// <param name="what">The event's name, or a short remark.</param>
    /// <param name="detail">The interesting members, readable.</param>
    void Write(string device, TranscriptKind kind, string what, string detail);
}
