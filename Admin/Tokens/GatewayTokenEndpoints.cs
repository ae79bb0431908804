using Firezone.Admin.Data;
using Firezone.Admin.Listing;
using Firezone.Admin.Routing;
using Firezone.Storage.Postgres.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Firezone.Admin.Tokens;

/// <summary>Routes of gateway tokens.</summary>
internal static class GatewayTokenEndpoints
{
    private const string OfSite = "x.account_id = @account and x.site_id = @site";
    private const string FindSite = "select id from sites where account_id = @account and id = @site";

    public static void Map(AccountRoutes routes)
    {
        routes.Read.MapGet("/sites/{site_id:guid}/gateway-tokens", List).WithName("listGatewayTokens").WithSummary("List a site's tokens");
        routes.Change.MapPost("/sites/{site_id:guid}/gateway-tokens", Create)
            .Creates<GatewayToken>("createGatewayToken", "Create a token for gateways of a site; it is shown only now");
        routes.Change.MapDelete("/sites/{site_id:guid}/gateway-tokens/{token_id:guid}", Delete)
            .Deletes("deleteGatewayToken", "Delete a token; the gateways that use it are disconnected");
    }

    private static async Task<Ok<Page<GatewayToken>>> List(
        Guid site_id, [AsParameters] PlainQuery query, AccountDb db, CancellationToken ct)
    {
        await db.GetAsync<object>(FindSite, new { site = site_id }, ct);
        return TypedResults.Ok(await db.ListAsync<GatewayToken>(
            new ListStatement(GatewayToken.Select, query, OfSite).Always("site", site_id), ct));
    }

    private static Task<IResult> Create(Guid site_id, Changes changes, CancellationToken ct) => changes.RunAsync(
        async change =>
        {
            var issued = DeviceToken.Issue(TokenKind.Gateway);
            var token = await change.GetAsync<GatewayToken>(
                $"""
                insert into gateway_tokens as x (id, account_id, site_id, secret_salt, secret_hash)
                select @Id, account_id, id, @Salt, @Hash from sites where account_id = @account and id = @site
                returning {GatewayToken.Columns}
                """,
                new { issued.Id, issued.Salt, issued.Hash, site = site_id });
            await change.LogAsync("gateway_token.create", token.Id, null, token);
            return Outcome.Created($"/v1/sites/{site_id}/gateway-tokens/{token.Id}", token with { Token = issued.Text });
        },
        ct);

    private static Task<IResult> Delete(Guid site_id, Guid token_id, Changes changes, CancellationToken ct) => changes.RunAsync(
        async change =>
        {
            var before = await change.GetAsync<GatewayToken>(
                $"delete from gateway_tokens x where {OfSite} and x.id = @id returning {GatewayToken.Columns}",
                new { site = site_id, id = token_id });
            await change.LogAsync("gateway_token.delete", token_id, before, null);
            return Outcome.NoContent;
        },
        ct);
}
