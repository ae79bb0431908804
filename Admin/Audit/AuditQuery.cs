using Firezone.Admin.Listing;
using Microsoft.AspNetCore.Mvc;

namespace Firezone.Admin.Audit;

/// <summary>Filters of the audit log.</summary>
public sealed class AuditQuery : ListQuery
{
    /// <summary>Only this, e.g. <c>site.update</c>.</summary>
    [FromQuery(Name = "action")]
    public string? Action { get; init; }

    /// <summary>Only of this kind of thing, e.g. <c>site</c>.</summary>
    [FromQuery(Name = "target_type")]
    public string? TargetType { get; init; }

    /// <summary>Only of this thing.</summary>
    [FromQuery(Name = "target_id")]
    public Guid? TargetId { get; init; }

    /// <summary>Only by tokens of this actor.</summary>
    [FromQuery(Name = "actor_id")]
    public Guid? ActorId { get; init; }

    /// <summary>Only with this token.</summary>
    [FromQuery(Name = "token_id")]
    public Guid? TokenId { get; init; }

    /// <summary>Not before.</summary>
    [FromQuery(Name = "since")]
    public DateTimeOffset? Since { get; init; }

    /// <summary>Before.</summary>
    [FromQuery(Name = "until")]
    public DateTimeOffset? Until { get; init; }

    /// <summary>For operators: only of this account.</summary>
    [FromQuery(Name = "account_id")]
    public Guid? AccountId { get; init; }
}
