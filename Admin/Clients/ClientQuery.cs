using Firezone.Admin.Listing;
using Microsoft.AspNetCore.Mvc;

namespace Firezone.Admin.Clients;

/// <summary>Filters of the list of clients.</summary>
public sealed class ClientQuery : ListQuery
{
    /// <summary>A part of the name.</summary>
    [FromQuery(Name = "name")]
    public string? Name { get; init; }

    /// <summary>Of this actor.</summary>
    [FromQuery(Name = "actor_id")]
    public Guid? ActorId { get; init; }

    /// <summary>Only verified or only others.</summary>
    [FromQuery(Name = "verified")]
    public bool? Verified { get; init; }

    /// <summary>Only connected or only others.</summary>
    [FromQuery(Name = "online")]
    public bool? Online { get; init; }
}
