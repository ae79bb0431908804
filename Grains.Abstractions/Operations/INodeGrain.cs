namespace Firezone.Grains.Abstractions.Operations;

/// <summary>One silo's process, keyed by the silo's address as <c>address:port@generation</c>: its only activation is there.</summary>
[Alias("fz.INodeGrain")]
public interface INodeGrain : IGrainWithStringKey
{
    /// <summary>Takes the silo out of service: nothing new is placed on it, and its sessions move away bit by bit. Returns at once.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:03"), Alias("Drain")]
    Task<DrainState> Drain(DrainOrder order);

    /// <summary>Takes the silo back into service, unless it stops.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:03"), Alias("Resume")]
    Task<DrainState> Resume(string by);

    /// <summary>Whether the silo is in service, or how far it is on its way out.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:03"), Alias("GetDrain")]
    Task<DrainState> GetDrain();

    /// <summary>Sessions of these accounts come here soon: the silo reads what it does not have of them. Returns when it has.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:03"), Alias("Expect")]
    Task Expect(Guid[] accountIds);

    /// <summary>Changes what the process logs.</summary>
    /// <returns>What is in force then.</returns>
    [AlwaysInterleave, ResponseTimeout("00:00:03"), Alias("SetLogLevel")]
    Task<LogLevelOverride[]> SetLogLevel(LogLevelOrder order);

    /// <summary>What the process logs otherwise than configured.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:03"), Alias("GetLogLevels")]
    Task<LogLevelOverride[]> GetLogLevels();
}
