namespace Firezone.Grains.Abstractions.Operations;

/// <summary>Whether a process could be asked.</summary>
public enum NodeReach
{
    /// <summary>It has answered.</summary>
    Answered = 0,

    /// <summary>There is no such process in the cluster.</summary>
    Unknown = 1,

    /// <summary>It is known and did not answer in time, or it cannot be told yet whether it is known.</summary>
    Silent = 2,
}
