using Firezone.Admin.Listing;
using Microsoft.AspNetCore.Mvc;

namespace Firezone.Admin.Gateways;

/// <summary>Filters of the list of gateways.</summary>
public sealed class GatewayQuery : ListQuery
{
    /// <summary>A part of the name.</summary>
    [FromQuery(Name = "name")]
    public string? Name { get; init; }

    /// <summary>Of this site.</summary>
    [FromQuery(Name = "site_id")]
    public Guid? SiteId { get; init; }

    /// <summary>Only connected or only others.</summary>
    [FromQuery(Name = "online")]
    public bool? Online { get; init; }
}
