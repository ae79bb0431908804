using Firezone.Admin.Data;
using Firezone.Admin.Listing;
using Firezone.Admin.Problems;
using Firezone.Admin.Routing;
using Firezone.Admin.Tokens;
using Firezone.Storage.Postgres.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Firezone.Admin.Operators;

/// <summary>Routes of operators' tokens.</summary>
internal static class OperatorTokenEndpoints
{
    private const string Insert = $"""
        insert into admin_tokens as x (id, role, name, secret_salt, secret_hash, expires_at)
        values (@Id, 'operator', @Name, @Salt, @Hash, @expires) returning {OperatorToken.Columns}
        """;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/operator-tokens", List).WithName("listOperatorTokens").WithSummary("List operators' tokens");
        routes.MapPost("/operator-tokens", Create)
            .Creates<OperatorToken>("createOperatorToken", "Create an operator's token; it is shown only now");
        routes.MapDelete("/operator-tokens/{token_id:guid}", Delete).Deletes("deleteOperatorToken", "Delete an operator's token");
    }

    private static async Task<Ok<Page<OperatorToken>>> List([AsParameters] PlainQuery query, ClusterDb db, CancellationToken ct) =>
        TypedResults.Ok(await db.ListAsync<OperatorToken>(new ListStatement(OperatorToken.Select, query, OperatorToken.Mine), ct));

    private static Task<IResult> Create(CreateOperatorToken body, Changes changes, TimeProvider time, CancellationToken ct)
    {
        var expires = Expiry.InFuture(body.ExpiresAt, time);
        return changes.RunForClusterAsync(
            async change =>
            {
                var issued = DeviceToken.Issue(TokenKind.Admin);
                var token = await change.FindAsync<OperatorToken>(Insert, new { issued.Id, issued.Salt, issued.Hash, body.Name, expires });
                await change.LogAsync(null, "operator_token.create", token!.Id, null, token);
                return Outcome.Created($"/v1/operator-tokens/{token.Id}", token with { Token = issued.Text });
            },
            ct);
    }

    private static Task<IResult> Delete(Guid token_id, Changes changes, CancellationToken ct) => changes.RunForClusterAsync(
        async change =>
        {
            var before = await change.FindAsync<OperatorToken>(
                $"delete from admin_tokens x where {OperatorToken.Mine} and x.id = @id returning {OperatorToken.Columns}", new { id = token_id })
                ?? throw ProblemException.NotFound();
            await change.LogAsync(null, "operator_token.delete", token_id, before, null);
            return Outcome.NoContent;
        },
        ct);
}
