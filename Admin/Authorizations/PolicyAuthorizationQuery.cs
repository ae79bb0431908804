using Firezone.Admin.Listing;
using Microsoft.AspNetCore.Mvc;

namespace Firezone.Admin.Authorizations;

/// <summary>Filters of the list of authorizations.</summary>
public sealed class PolicyAuthorizationQuery : ListQuery
{
    /// <summary>Of this client.</summary>
    [FromQuery(Name = "client_id")]
    public Guid? ClientId { get; init; }

    /// <summary>Of this gateway.</summary>
    [FromQuery(Name = "gateway_id")]
    public Guid? GatewayId { get; init; }

    /// <summary>For this resource.</summary>
    [FromQuery(Name = "resource_id")]
    public Guid? ResourceId { get; init; }

    /// <summary>By this policy.</summary>
    [FromQuery(Name = "policy_id")]
    public Guid? PolicyId { get; init; }

    /// <summary>By this membership.</summary>
    [FromQuery(Name = "membership_id")]
    public Guid? MembershipId { get; init; }

    /// <summary>Of this token.</summary>
    [FromQuery(Name = "token_id")]
    public Guid? TokenId { get; init; }
}
