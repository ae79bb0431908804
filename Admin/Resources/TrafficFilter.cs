using System.ComponentModel.DataAnnotations;
using Firezone.Admin.Validation;

namespace Firezone.Admin.Resources;

/// <summary>Traffic that a resource lets through.</summary>
public sealed record TrafficFilter
{
    /// <summary>At most one filter for each.</summary>
    [Required, OneOf("tcp", "udp", "icmp")]
    public string Protocol { get; init; } = null!;

    /// <summary>Single ports (<c>443</c>) and ranges (<c>100 - 200</c>); empty means all. None for icmp.</summary>
    public string[] Ports { get; init; } = [];
}
