namespace Firezone.Wire.Resources;

/// <summary>The lowercase snake case names that the wire and the database use for the values of the enumerations here.</summary>
public static class ResourceNames
{
    /// <summary>False for an unknown name.</summary>
    public static bool TryParse(string? name, out ResourceType type)
    {
        (var known, type) = name switch
        {
            "dns" => (true, ResourceType.Dns),
            "cidr" => (true, ResourceType.Cidr),
            "ip" => (true, ResourceType.Ip),
            "internet" => (true, ResourceType.Internet),
            _ => (false, default),
        };
        return known;
    }

    /// <summary>False for an unknown name.</summary>
    public static bool TryParse(string? name, out IpStack stack)
    {
        (var known, stack) = name switch
        {
            "dual" => (true, IpStack.Dual),
            "ipv4_only" => (true, IpStack.Ipv4Only),
            "ipv6_only" => (true, IpStack.Ipv6Only),
            _ => (false, default),
        };
        return known;
    }

    /// <summary>The name as stored.</summary>
    public static string NameOf(ResourceType type) => type switch
    {
        ResourceType.Dns => "dns",
        ResourceType.Cidr => "cidr",
        ResourceType.Ip => "ip",
        ResourceType.Internet => "internet",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a resource type"),
    };

    /// <summary>The name as stored and as sent.</summary>
    public static string NameOf(IpStack stack) => stack switch
    {
        IpStack.Dual => "dual",
        IpStack.Ipv4Only => "ipv4_only",
        IpStack.Ipv6Only => "ipv6_only",
        _ => throw new ArgumentOutOfRangeException(nameof(stack), stack, "not an IP stack"),
    };
}
