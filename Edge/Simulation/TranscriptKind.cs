namespace Firezone.Edge.Simulation;

/// <summary>What a line of a transcript is about.</summary>
public enum TranscriptKind
{
    /// <summary>A message from the device to the portal.</summary>
    Sent,

    /// <summary>A message from the portal to the device.</summary>
    Received,

    /// <summary>Something about the connection itself.</summary>
    Note,
}
