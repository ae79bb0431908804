using Firezone.Shared.Peers;

namespace Firezone.EndToEnd.Scenes;

/// <summary>What a device says of itself when it connects, and what the load balancer says of it.</summary>
internal static class Devices
{
    /// <summary>A client that needs no old manners.</summary>
    public const string CurrentClient = "Ubuntu/24.4.0 gui-client/1.5.10 (x86_64; 6.8.0-45-generic)";

    /// <summary>Of a version, with the user agent of the program for this desktop.</summary>
    public static Connect Version(this Connect connect, string version) => connect.Agent(
        connect.Path.StartsWith("/gateway", StringComparison.Ordinal)
            ? $"Debian/12 gateway/{version} (x86_64)"
            : $"Ubuntu/24.4.0 headless-client/{version} (x86_64; 6.8.0-45-generic)");

    public static Connect Agent(this Connect connect, string agent) => connect.WithHeader("User-Agent", agent);

    /// <summary>From an address on the Internet.</summary>
    public static Connect From(this Connect connect, string address) => connect.AddHeader("X-Forwarded-For", address);

    /// <summary>In a country, at its usual coordinates or others.</summary>
    public static Connect In(this Connect connect, string region, string? coordinates = null)
    {
        var located = connect.AddHeader("X-Geo-Location-Region", region);
        return coordinates is null ? located : located.AddHeader("X-Geo-Location-Coordinates", coordinates);
    }
}
