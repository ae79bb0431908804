using Firezone.Admin.Data;
using Firezone.Admin.Listing;
using Firezone.Admin.Problems;
using Firezone.Admin.Routing;
using Firezone.Storage.Postgres.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Firezone.Admin.Tokens;

/// <summary>Routes of the account's admin tokens; also reading them is for admins.</summary>
internal static class AdminTokenEndpoints
{
    /// <summary>Makes a token of the account <c>@account</c>; no row: the actor does not fit.</summary>
    internal const string Insert = $"""
        insert into admin_tokens as x (id, account_id, actor_id, role, name, secret_salt, secret_hash, expires_at)
        select @Id, a.account_id, a.id, @Role, @Name, @Salt, @Hash, @expires from actors a
        where a.account_id = @account and a.id = @ActorId and a.type in ('api_client', 'account_admin_user')
        returning {AdminToken.Columns}
        """;

    public static void Map(AccountRoutes routes)
    {
        routes.Change.MapGet("/admin-tokens", List).WithName("listAdminTokens").WithSummary("List the account's admin tokens");
        routes.Change.MapPost("/admin-tokens", Create)
            .Creates<AdminToken>("createAdminToken", "Create an admin token of the account; it is shown only now");
        routes.Change.MapDelete("/admin-tokens/{token_id:guid}", Delete).Deletes("deleteAdminToken", "Delete an admin token of the account");
    }

    /// <summary>What a new token's statement needs.</summary>
    internal static object Parameters(IssuedToken issued, CreateAdminToken body, DateTimeOffset? expires, Guid? account = null) =>
        new { issued.Id, issued.Salt, issued.Hash, body.Name, body.Role, body.ActorId, expires, account };

    /// <summary>The answer to a statement that made nothing.</summary>
    internal static ProblemException WrongActor() => ProblemException.Invalid("actor_id", "must be an api_client or account_admin_user");

    private static async Task<Ok<Page<AdminToken>>> List([AsParameters] AdminTokenQuery query, AccountDb db, CancellationToken ct)
    {
        var list = new ListStatement(AdminToken.Select, query)
            .Containing("name", "x.name", query.Name)
            .Equal("actor_id", "x.actor_id", query.ActorId);
        return TypedResults.Ok(await db.ListAsync<AdminToken>(list, ct));
    }

    private static Task<IResult> Create(CreateAdminToken body, Changes changes, TimeProvider time, CancellationToken ct)
    {
        var expires = Expiry.InFuture(body.ExpiresAt, time);
        return changes.RunAsync(
            async change =>
            {
                var issued = DeviceToken.Issue(TokenKind.Admin);
                var token = await change.FindAsync<AdminToken>(Insert, Parameters(issued, body, expires)) ?? throw WrongActor();
                await change.LogAsync("admin_token.create", token.Id, null, token);
                return Outcome.Created($"/v1/admin-tokens/{token.Id}", token with { Token = issued.Text });
            },
            ct);
    }

    private static Task<IResult> Delete(Guid token_id, Changes changes, CancellationToken ct) => changes.RunAsync(
        async change =>
        {
            var before = await change.GetAsync<AdminToken>(
                $"delete from admin_tokens x where x.account_id = @account and x.id = @id returning {AdminToken.Columns}", new { id = token_id });
            await change.LogAsync("admin_token.delete", token_id, before, null);
            return Outcome.NoContent;
        },
        ct);
}
