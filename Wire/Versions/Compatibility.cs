namespace Firezone.Wire.Versions;

/// <summary>Which versions work together, and which need old manners.</summary>
public static class Compatibility
{
    /// <summary>
    /// A client <c>X.Y.z</c> works with gateways from <c>X.(Y-1).0</c> up to, not including, <c>X.(Y+2).0</c>; with Y = 0 the lower bound
    /// is <c>X.0.0</c>. Bounds are compared by precedence, so <c>1.7.0-rc.1</c> is below <c>1.7.0</c>.
    /// </summary>
    public static bool IsCompatible(ComponentVersion client, ComponentVersion gateway)
    {
        var lowest = new ComponentVersion(client.Major, Math.Max(client.Minor - 1, 0), 0);
        if (gateway < lowest)
            return false;

        // An upper bound outside the range of numbers excludes nothing but another major version.
        return client.Minor > int.MaxValue - 2
            ? gateway.Major == client.Major
            : gateway < new ComponentVersion(client.Major, client.Minor + 2, 0);
    }

    /// <summary>As the other overload; a text that is no version is incompatible with everything.</summary>
    public static bool IsCompatible(string? client, string? gateway) =>
        ComponentVersion.TryParse(client, out var c) && ComponentVersion.TryParse(gateway, out var g) && IsCompatible(c, g);

    /// <summary>
    /// The client does not notice by itself that a known resource has moved to another or renamed site: it must be told that the
    /// resource is deleted and then created.
    /// </summary>
    public static bool NeedsRecreationOnSiteChange(ComponentClass component, ComponentVersion version) => component switch
    {
        ComponentClass.Apple or ComponentClass.Gui => version < new ComponentVersion(1, 5, 9),
        _ => version < new ComponentVersion(1, 5, 5),
    };
}
