using Firezone.Admin.Listing;
using Microsoft.AspNetCore.Mvc;

namespace Firezone.Admin.Groups;

/// <summary>Filters of the list of groups.</summary>
public sealed class GroupQuery : ListQuery
{
    /// <summary>A part of the name.</summary>
    [FromQuery(Name = "name")]
    public string? Name { get; init; }

    /// <summary><c>account</c>, <c>system</c> or <c>idp</c>.</summary>
    [FromQuery(Name = "managed_by")]
    public string? ManagedBy { get; init; }
}
