namespace Firezone.Grains.Abstractions.Operations;

/// <summary>Whether a process takes on work.</summary>
public enum DrainPhase
{
    /// <summary>It is in service.</summary>
    Serving = 0,

    /// <summary>Not yet, or not while the cluster does not answer it.</summary>
    Starting = 1,

    /// <summary>An operator takes it out of service; it still has sessions.</summary>
    Draining = 2,

    /// <summary>It has none left and gets no new ones.</summary>
    Drained = 3,

    /// <summary>It stops, and cannot be taken back into service.</summary>
    Stopping = 4,
}
