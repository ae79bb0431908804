using Firezone.Shared.Network;

namespace Firezone.EndToEnd.Clouds;

/// <summary>A test that needs network namespaces and the published program; skipped, and said so, where either is missing.</summary>
public sealed class PublishedNetworkFactAttribute : NetworkFactAttribute
{
    public PublishedNetworkFactAttribute()
    {
        if (Skip is null && !Builds.Exist)
            Skip = "The program has not been published; ./test --faults does it.";
    }
}
