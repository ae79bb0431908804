namespace Firezone.Grains.Abstractions.Sites;

/// <summary>A silo that keeps what a site has told it.</summary>
[Alias("fz.ISiteWatcher")]
public interface ISiteWatcher : IGrainObserver
{
    /// <summary>What was told is not true any more. May be lost.</summary>
    [OneWay, Alias("OnSiteChanged")]
    Task OnSiteChanged(Guid siteId);
}
