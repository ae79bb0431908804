using System.ComponentModel.DataAnnotations;

namespace Firezone.Admin.Accounts;

/// <summary>What an account prescribes to its clients.</summary>
public sealed record AccountSettings
{
    /// <summary>Appended to names without a dot; null: nothing is.</summary>
    [MaxLength(253)]
    public string? SearchDomain { get; init; }

    /// <summary>Resolvers.</summary>
    [Required]
    public DnsSettings Dns { get; init; } = new();
}
