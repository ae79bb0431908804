using Firezone.Admin.Listing;
using Microsoft.AspNetCore.Mvc;

namespace Firezone.Admin.Policies;

/// <summary>Filters of the list of policies.</summary>
public sealed class PolicyQuery : ListQuery
{
    /// <summary>Of this group.</summary>
    [FromQuery(Name = "group_id")]
    public Guid? GroupId { get; init; }

    /// <summary>For this resource.</summary>
    [FromQuery(Name = "resource_id")]
    public Guid? ResourceId { get; init; }

    /// <summary>Only disabled or only enabled ones.</summary>
    [FromQuery(Name = "disabled")]
    public bool? Disabled { get; init; }
}
