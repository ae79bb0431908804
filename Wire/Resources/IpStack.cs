namespace Firezone.Wire.Resources;

/// <summary>Which addresses a client hands out for a DNS resource. Absent means <see cref="Dual"/> to clients.</summary>
public enum IpStack
{
    /// <summary>Both families.</summary>
    Dual = 0,

    /// <summary>A records only.</summary>
    Ipv4Only = 1,

    /// <summary>AAAA records only.</summary>
    Ipv6Only = 2,
}
