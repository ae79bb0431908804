using Firezone.Silos.Operations.Pages;

namespace Firezone.Silos.Operations.Overview;

/// <summary>The overview as HTML, rendered once for all who look at it. Thread-safe.</summary>
internal sealed class OverviewFeed(OverviewSource source)
{
    private readonly Lock _lock = new();
    private (ClusterOverview Overview, IReadOnlyDictionary<string, string> Parts)? _rendered;

    /// <summary>The parts of the page as of now, by the id of the element that they fill.</summary>
    internal async Task<IReadOnlyDictionary<string, string>> GetAsync(CancellationToken ct)
    {
        var overview = await source.GetAsync(ct);
        lock (_lock)
        {
            if (_rendered is { } rendered && ReferenceEquals(rendered.Overview, overview))
                return rendered.Parts;
            var parts = OverviewParts.Render(overview);
            _rendered = (overview, parts);
            return parts;
        }
    }
}
