using Firezone.Admin.Listing;
using Microsoft.AspNetCore.Mvc;

namespace Firezone.Admin.Resources;

/// <summary>Filters of the list of resources.</summary>
public sealed class ResourceQuery : ListQuery
{
    /// <summary>A part of the name.</summary>
    [FromQuery(Name = "name")]
    public string? Name { get; init; }

    /// <summary><c>dns</c>, <c>cidr</c>, <c>ip</c> or <c>internet</c>.</summary>
    [FromQuery(Name = "type")]
    public string? Type { get; init; }

    /// <summary>Of this site.</summary>
    [FromQuery(Name = "site_id")]
    public Guid? SiteId { get; init; }

    /// <summary>Exactly this address.</summary>
    [FromQuery(Name = "address")]
    public string? Address { get; init; }
}
