using Microsoft.AspNetCore.Http.Features;

namespace Firezone.Admin.Hosting;

/// <summary>A request as the listener of a <see cref="LateApp"/> has it, before an application has seen it.</summary>
public sealed class LateRequest
{
    internal LateRequest(IFeatureCollection features) => Features = features;

    internal IFeatureCollection Features { get; }

    /// <summary>What the application wants to do after the response.</summary>
    internal Action<Exception?>? End { get; set; }
}
