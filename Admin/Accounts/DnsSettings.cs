using System.ComponentModel.DataAnnotations;
using Firezone.Admin.Validation;

namespace Firezone.Admin.Accounts;

/// <summary>Which resolvers clients use for what is not a resource.</summary>
public sealed record DnsSettings
{
    /// <summary>The device's own, those of <see cref="Addresses"/>, or DNS over HTTPS.</summary>
    [Required, OneOf("system", "custom", "secure")]
    public string Type { get; init; } = "system";

    /// <summary>IP addresses without ports, for <c>custom</c>.</summary>
    [MaxLength(10)]
    public string[] Addresses { get; init; } = [];

    /// <summary>For <c>secure</c>.</summary>
    [OneOf("google", "cloudflare", "quad9", "opendns")]
    public string? DohProvider { get; init; }
}
