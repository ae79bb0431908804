using Firezone.Admin.Listing;
using Microsoft.AspNetCore.Mvc;

namespace Firezone.Admin.Tokens;

/// <summary>Filters of the list of admin tokens.</summary>
public sealed class AdminTokenQuery : ListQuery
{
    /// <summary>A part of the name.</summary>
    [FromQuery(Name = "name")]
    public string? Name { get; init; }

    /// <summary>Of this actor.</summary>
    [FromQuery(Name = "actor_id")]
    public Guid? ActorId { get; init; }
}
