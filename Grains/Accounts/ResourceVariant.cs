using Firezone.Wire.Versions;

namespace Firezone.Grains.Accounts;

/// <summary>The wire variants of a resource list: what a peer's version lets it understand.</summary>
public enum ResourceVariant
{
    /// <summary>1.3.0 and newer: everything.</summary>
    Current = 0,

    /// <summary>1.2.x: no internet resource.</summary>
    WithoutInternet = 1,

    /// <summary>Older than 1.2.0: no internet resource, and wildcards in the old notation.</summary>
    OldWildcards = 2,
}

/// <summary>Maps a version to its variant.</summary>
public static class ResourceVariants
{
    private static readonly ComponentVersion Wildcards = new(1, 2, 0);
    private static readonly ComponentVersion Internet = new(1, 3, 0);

    /// <summary>How many variants there are.</summary>
    public const int Count = 3;

    /// <summary>A version that stands for each variant when a resource is adapted.</summary>
    public static ComponentVersion Representative(ResourceVariant variant) => variant switch
    {
        ResourceVariant.Current => Internet,
        ResourceVariant.WithoutInternet => Wildcards,
        _ => new ComponentVersion(1, 1, 0),
    };

    /// <summary>A version that does not parse gets the oldest variant.</summary>
    public static ResourceVariant Of(string version) =>
        !ComponentVersion.TryParse(version, out var parsed) || parsed.CompareTo(Wildcards) < 0 ? ResourceVariant.OldWildcards
        : parsed.CompareTo(Internet) < 0 ? ResourceVariant.WithoutInternet
        : ResourceVariant.Current;
}
