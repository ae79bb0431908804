namespace Firezone.Membership.Postgres.Detection;

/// <summary>Why a suspicion is over.</summary>
public enum SuspicionEnd
{
    /// <summary>It answered a probe, of this silo or of the second opinion.</summary>
    Answered,

    /// <summary>A heartbeat came.</summary>
    Heard,

    /// <summary>The view has it dead, or no longer has it: whoever wrote that.</summary>
    Dead,

    /// <summary>This silo no longer judges: it went blind, or leaves itself.</summary>
    Withdrawn,
}
