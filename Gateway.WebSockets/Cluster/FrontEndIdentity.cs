using Firezone.Gateway.WebSockets.Options;
using Firezone.Grains.Abstractions.FrontEnds;
using Microsoft.Extensions.Options;

namespace Firezone.Gateway.WebSockets.Cluster;

/// <summary>This process as the cluster knows it: an id that lives as long as the process, and its one observer.</summary>
internal sealed class FrontEndIdentity(IGrainFactory grains, FrontEndObserver observer, IOptions<FrontEndOptions> options)
{
    private readonly Lock _gate = new();
    private IFrontEndObserver? _reference;

    internal Guid Id { get; } = Guid.NewGuid();

    internal string Name { get; } = options.Value.Name;

    internal string Region { get; } = options.Value.Region;

    /// <summary>
    /// The observer's reference, made once. Orleans itself holds an observer only weakly; this object is what keeps it alive.
    /// </summary>
    internal IFrontEndObserver Observer
    {
        get
        {
            lock (_gate)
                return _reference ??= grains.CreateObjectReference<IFrontEndObserver>(observer);
        }
    }
}
