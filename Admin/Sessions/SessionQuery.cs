using Firezone.Admin.Listing;
using Microsoft.AspNetCore.Mvc;

namespace Firezone.Admin.Sessions;

/// <summary>Filters of the list of sessions.</summary>
public sealed class SessionQuery : ListQuery
{
    /// <summary><c>client</c> or <c>gateway</c>.</summary>
    [FromQuery(Name = "kind")]
    public string? Kind { get; init; }

    /// <summary>Of these devices.</summary>
    [FromQuery(Name = "device_id")]
    public Guid[]? DeviceId { get; init; }

    /// <summary>With this token.</summary>
    [FromQuery(Name = "token_id")]
    public Guid? TokenId { get; init; }

    /// <summary>In this region.</summary>
    [FromQuery(Name = "region")]
    public string? Region { get; init; }

    /// <summary>True: those that ended and are still kept, instead of the live ones.</summary>
    [FromQuery(Name = "ended")]
    public bool? Ended { get; init; }
}
