namespace Firezone.Grains.Abstractions.Operations;

/// <summary>The side of a device's grain that operators look at. Every grain that holds a session has it.</summary>
[Alias("fz.ISessionInspection")]
public interface ISessionInspection : IGrainWithGuidKey
{
    /// <summary>What the grain knows of a session now.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:02"), Alias("Inspect")]
    Task<SessionState> Inspect(Guid sessionId);
}
