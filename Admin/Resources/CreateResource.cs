using System.ComponentModel.DataAnnotations;
using Firezone.Admin.Validation;

namespace Firezone.Admin.Resources;

/// <summary>A new resource.</summary>
public sealed record CreateResource
{
    /// <summary>Decides what the address is.</summary>
    [Required, OneOf("dns", "cidr", "ip", "internet")]
    public string Type { get; init; } = null!;

    /// <summary>Shown to users.</summary>
    [Required, Text(255)]
    public string Name { get; init; } = null!;

    /// <summary>Required but for the internet.</summary>
    [MaxLength(1024)]
    public string? Address { get; init; }

    /// <summary>Shown in place of the address.</summary>
    [Text(512)]
    public string? AddressDescription { get; init; }

    /// <summary>For dns only; there <c>dual</c> unless given.</summary>
    [OneOf("dual", "ipv4_only", "ipv6_only")]
    public string? IpStack { get; init; }

    /// <summary>Allowed traffic; none or empty means all.</summary>
    [MaxLength(3)]
    public TrafficFilter[]? Filters { get; init; }

    /// <summary>Where it is reached.</summary>
    public Guid? SiteId { get; init; }
}
