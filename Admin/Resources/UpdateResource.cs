using System.ComponentModel.DataAnnotations;
using Firezone.Admin.Validation;

namespace Firezone.Admin.Resources;

/// <summary>Changes of a resource.</summary>
public sealed class UpdateResource : PatchBody
{
    /// <summary>Decides what the address is.</summary>
    [OneOf("dns", "cidr", "ip", "internet")]
    public string? Type { get; init => Set(out field, value); }

    /// <summary>Shown to users.</summary>
    [Text(255)]
    public string? Name { get; init => Set(out field, value); }

    /// <summary>Null for the internet.</summary>
    [MaxLength(1024)]
    public string? Address { get; init => Set(out field, value); }

    /// <summary>Shown in place of the address.</summary>
    [Text(512)]
    public string? AddressDescription { get; init => Set(out field, value); }

    /// <summary>For dns only; null there means <c>dual</c>.</summary>
    [OneOf("dual", "ipv4_only", "ipv6_only")]
    public string? IpStack { get; init => Set(out field, value); }

    /// <summary>Allowed traffic; empty means all.</summary>
    [MaxLength(3)]
    public TrafficFilter[]? Filters { get; init => Set(out field, value); }

    /// <summary>Where it is reached; null: nowhere.</summary>
    public Guid? SiteId { get; init => Set(out field, value); }
}
