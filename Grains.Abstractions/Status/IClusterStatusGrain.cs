namespace Firezone.Grains.Abstractions.Status;

/// <summary>What the cluster knows of itself; any key. For operators.</summary>
[Alias("fz.IClusterStatusGrain")]
public interface IClusterStatusGrain : IGrainWithIntegerKey
{
    /// <summary>The silos that are not dead.</summary>
    [ResponseTimeout("00:00:10"), Alias("GetSilos")]
    Task<SiloView[]> GetSilos();
}
