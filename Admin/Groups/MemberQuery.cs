using Firezone.Admin.Listing;
using Microsoft.AspNetCore.Mvc;

namespace Firezone.Admin.Groups;

/// <summary>Filters of the list of a group's members; <c>id</c> means memberships.</summary>
public sealed class MemberQuery : ListQuery
{
    /// <summary>Only these.</summary>
    [FromQuery(Name = "actor_id")]
    public Guid[]? ActorId { get; init; }
}
