using Firezone.Admin.Accounts;
using Firezone.Admin.Actors;
using Firezone.Admin.Audit;
using Firezone.Admin.Authentication;
using Firezone.Admin.Authorizations;
using Firezone.Admin.Clients;
using Firezone.Admin.Events;
using Firezone.Admin.Explaining;
using Firezone.Admin.Gateways;
using Firezone.Admin.Groups;
using Firezone.Admin.Operations;
using Firezone.Admin.Operators;
using Firezone.Admin.Policies;
using Firezone.Admin.Problems;
using Firezone.Admin.Resources;
using Firezone.Admin.Sessions;
using Firezone.Admin.Sites;
using Firezone.Admin.Status;
using Firezone.Admin.Tokens;

namespace Firezone.Admin.Routing;

/// <summary>The table of contents of the API.</summary>
internal static class AdminRoutes
{
    private const string Prefix = "/v1";

    // What any route may answer.
    private static readonly int[] Problems =
    [
        StatusCodes.Status400BadRequest, StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound,
        StatusCodes.Status409Conflict, StatusCodes.Status422UnprocessableEntity, StatusCodes.Status429TooManyRequests,
        StatusCodes.Status503ServiceUnavailable,
    ];

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapOpenApi(Prefix + "/openapi.json");

        OfAccount(app, "Account", AccountEndpoints.Map);
        OfAccount(app, "Actors", ActorEndpoints.Map);
        OfAccount(app, "Groups", GroupEndpoints.Map);
        OfAccount(app, "Groups", MemberEndpoints.Map);
        OfAccount(app, "Sites", SiteEndpoints.Map);
        OfAccount(app, "Sites", GatewayTokenEndpoints.Map);
        OfAccount(app, "Gateways", GatewayEndpoints.Map);
        OfAccount(app, "Resources", ResourceEndpoints.Map);
        OfAccount(app, "Policies", PolicyEndpoints.Map);
        OfAccount(app, "Clients", ClientEndpoints.Map);
        OfAccount(app, "Clients", ExplainEndpoint.Map);
        OfAccount(app, "Client tokens", ClientTokenEndpoints.Map);
        OfAccount(app, "Policy authorizations", PolicyAuthorizationEndpoints.Map);
        OfAccount(app, "Sessions", SessionEndpoints.Map);
        OfAccount(app, "Admin tokens", AdminTokenEndpoints.Map);
        OfAccount(app, "Events", EventEndpoint.Map);

        AuditEndpoints.Map(Group(app, "Audit log", Roles.Any));
        StatusEndpoint.Map(Group(app, "Status", Roles.Any));
        LiveSessionEndpoints.Map(Group(app, "Sessions", Roles.Any), Group(app, "Sessions", Roles.CanEndSessions));

        AccountsEndpoints.Map(Group(app, "Accounts", Roles.CanOperate));
        RelayTokenEndpoints.Map(Group(app, "Relay tokens", Roles.CanOperate));
        OperatorTokenEndpoints.Map(Group(app, "Operator tokens", Roles.CanOperate));
        DrainEndpoints.Map(Group(app, "Operations", Roles.CanOperate));
        LogLevelEndpoints.Map(Group(app, "Operations", Roles.CanOperate));
    }

    private static void OfAccount(IEndpointRouteBuilder app, string tag, Action<AccountRoutes> map) =>
        map(new AccountRoutes(Group(app, tag, Roles.CanRead), Group(app, tag, Roles.CanChange)));

    private static RouteGroupBuilder Group(IEndpointRouteBuilder app, string tag, string policy)
    {
        var group = app.MapGroup(Prefix).RequireAuthorization(policy).WithTags(tag);
        foreach (var status in Problems)
            group.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(Problem), [Problem.ContentType]));
        return group;
    }
}
