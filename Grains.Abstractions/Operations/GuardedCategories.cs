namespace Firezone.Grains.Abstractions.Operations;

/// <summary>
/// Log categories whose lines may hold what devices send, such as the token that older peers have in the query string. Nobody raises their level
/// at run time.
/// </summary>
public static class GuardedCategories
{
    /// <summary>The categories, as prefixes, and the least level that each keeps.</summary>
    public static IReadOnlyDictionary<string, string> Levels { get; } = new Dictionary<string, string>
    {
        ["Microsoft.AspNetCore.Hosting.Diagnostics"] = "None",
        ["Microsoft.AspNetCore.Server.Kestrel"] = "Warning",
    };

    /// <summary>Whether a category is among them.</summary>
    public static bool Contains(string category)
    {
        ArgumentNullException.ThrowIfNull(category);
        return Levels.Keys.Any(guarded => category.StartsWith(guarded, StringComparison.OrdinalIgnoreCase));
    }
}
