using Firezone.Admin.Data;
using Firezone.Admin.Listing;
using Firezone.Admin.Problems;
using Firezone.Admin.Routing;
using Firezone.Storage.Postgres.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Firezone.Admin.Operators;

/// <summary>Routes of relay tokens.</summary>
internal static class RelayTokenEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/relay-tokens", List).WithName("listRelayTokens").WithSummary("List relay tokens");
        routes.MapPost("/relay-tokens", Create).Creates<RelayToken>("createRelayToken", "Create a relay token; it is shown only now");
        routes.MapDelete("/relay-tokens/{token_id:guid}", Delete)
            .Deletes("deleteRelayToken", "Delete a relay token; the relays that use it are disconnected");
    }

    private static async Task<Ok<Page<RelayToken>>> List([AsParameters] PlainQuery query, ClusterDb db, CancellationToken ct) =>
        TypedResults.Ok(await db.ListAsync<RelayToken>(new ListStatement(RelayToken.Select, query, "true"), ct));

    private static Task<IResult> Create(Changes changes, CancellationToken ct) => changes.RunForClusterAsync(
        async change =>
        {
            var issued = DeviceToken.Issue(TokenKind.Relay);
            var token = await change.FindAsync<RelayToken>(
                $"insert into relay_tokens as x (id, secret_salt, secret_hash) values (@Id, @Salt, @Hash) returning {RelayToken.Columns}",
                new { issued.Id, issued.Salt, issued.Hash });
            await change.LogAsync(null, "relay_token.create", token!.Id, null, token);
            return Outcome.Created($"/v1/relay-tokens/{token.Id}", token with { Token = issued.Text });
        },
        ct);

    private static Task<IResult> Delete(Guid token_id, Changes changes, CancellationToken ct) => changes.RunForClusterAsync(
        async change =>
        {
            var before = await change.FindAsync<RelayToken>(
                $"delete from relay_tokens x where x.id = @id returning {RelayToken.Columns}", new { id = token_id })
                ?? throw ProblemException.NotFound();
            await change.LogAsync(null, "relay_token.delete", token_id, before, null);
            return Outcome.NoContent;
        },
        ct);
}
