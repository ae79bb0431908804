using System.Diagnostics;

namespace Firezone.Storage.Postgres.Batching;

/// <summary>
/// Ties a statement that many callers share to their traces: its span belongs to the first traced one and is linked to the others.
/// </summary>
internal static class BatchTrace
{
    private const int MaxLinks = 32;

    private static readonly ActivitySource Source = new(StorageMetrics.MeterName);

    /// <summary>Null unless somebody listens and a cause is recorded.</summary>
    /// <param name="name">What the statement does.</param>
    /// <param name="causes">What was current when each caller came.</param>
    internal static Activity? Begin(string name, IEnumerable<Activity?> causes)
    {
        if (!Source.HasListeners())
            return null;

        ActivityContext? parent = null;
        List<ActivityLink>? links = null;
        foreach (var cause in causes)
        {
            if (cause is not { Recorded: true })
                continue;
            if (parent is null)
                parent = cause.Context;
            else if ((links ??= []).Count < MaxLinks)
                links.Add(new ActivityLink(cause.Context));
        }

        return parent is { } context ? Source.StartActivity(name, ActivityKind.Internal, context, links: links) : null;
    }
}
