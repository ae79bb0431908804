using Firezone.Admin.Listing;
using Microsoft.AspNetCore.Mvc;

namespace Firezone.Admin.Actors;

/// <summary>Filters of the list of actors.</summary>
public sealed class ActorQuery : ListQuery
{
    /// <summary>A part of the name.</summary>
    [FromQuery(Name = "name")]
    public string? Name { get; init; }

    /// <summary>Of this type.</summary>
    [FromQuery(Name = "type")]
    public string? Type { get; init; }

    /// <summary>Exactly this address, whatever the case.</summary>
    [FromQuery(Name = "email")]
    public string? Email { get; init; }

    /// <summary>Only disabled or only enabled ones.</summary>
    [FromQuery(Name = "disabled")]
    public bool? Disabled { get; init; }

    /// <summary>Explicit members of this group.</summary>
    [FromQuery(Name = "group_id")]
    public Guid? GroupId { get; init; }
}
