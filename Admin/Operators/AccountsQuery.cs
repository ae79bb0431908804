using Firezone.Admin.Listing;
using Microsoft.AspNetCore.Mvc;

namespace Firezone.Admin.Operators;

/// <summary>Filters of the list of accounts.</summary>
public sealed class AccountsQuery : ListQuery
{
    /// <summary>A part of the name.</summary>
    [FromQuery(Name = "name")]
    public string? Name { get; init; }

    /// <summary>Exactly this slug.</summary>
    [FromQuery(Name = "slug")]
    public string? Slug { get; init; }

    /// <summary>Only disabled or only enabled ones.</summary>
    [FromQuery(Name = "disabled")]
    public bool? Disabled { get; init; }
}
