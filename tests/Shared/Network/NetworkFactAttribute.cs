namespace Firezone.Shared.Network;

/// <summary>A test that needs network namespaces and packet filters; skipped, and said so, where they cannot be had.</summary>
public class NetworkFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Missing = new(Find);

    public NetworkFactAttribute()
    {
        if (Missing.Value is { } missing)
            Skip = $"Network namespaces are not available here: {missing}.";
    }

    private static string? Find()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return "not root on Linux";
        if (((string[])["ip", "nft"]).FirstOrDefault(tool => !Shell.Exists(tool)) is { } tool)
            return $"no '{tool}' on the PATH (Debian: apt-get install iproute2 nftables)";
        return TwoClouds.TryProbe(out var error) ? null : error;
    }
}
