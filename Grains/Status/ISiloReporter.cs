using Orleans.Services;

namespace Firezone.Grains.Status;

/// <summary>Runs on every silo and tells of it.</summary>
[Alias("fz.ISiloReporter")]
public interface ISiloReporter : IGrainService
{
    /// <summary>As of now; asks nobody else.</summary>
    [ResponseTimeout("00:00:05"), Alias("Report")]
    Task<SiloReport> Report();
}
