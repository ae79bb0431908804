using Firezone.Admin.Accounts;
using Firezone.Admin.Actors;
using Firezone.Admin.Data;
using Firezone.Admin.Listing;
using Firezone.Admin.Problems;
using Firezone.Admin.Routing;
using Firezone.Admin.Tokens;
using Firezone.Storage.Postgres.Provisioning;
using Firezone.Storage.Postgres.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Firezone.Admin.Operators;

/// <summary>The operator's routes of accounts.</summary>
internal static class AccountsEndpoints
{
    private const string ById = " where x.id = @id";

    private const string InsertEveryone = """
        insert into groups (account_id, name, managed_by, is_everyone) values (@account, @name, 'system', true)
        """;

    private const string InsertAdmin = $"""
        insert into actors as x (account_id, type, name, email) values (@account, 'account_admin_user', @Name, @Email)
        returning {Actor.Columns}
        """;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/accounts", List).WithName("listAccounts").WithSummary("List accounts");
        routes.MapPost("/accounts", Create).Creates<CreatedAccount>("createAccount", "Create an account, and an administrator with a token");
        routes.MapGet("/accounts/{account_id:guid}", Get).WithName("getAccountById").WithSummary("Get an account");
        routes.MapDelete("/accounts/{account_id:guid}", Delete).Deletes("deleteAccount", "Delete an account with everything in it");
        routes.MapPost("/accounts/{account_id:guid}/disable", Disable)
            .Returns<Account>("disableAccount", "Disable an account; its client tokens are deleted");
        routes.MapPost("/accounts/{account_id:guid}/enable", Enable).Returns<Account>("enableAccount", "Enable an account");
        routes.MapPost("/accounts/{account_id:guid}/admin-tokens", CreateToken)
            .Creates<AdminToken>("createAccountAdminToken", "Create an admin token of an account; it is shown only now");
    }

    private static async Task<Ok<Page<Account>>> List([AsParameters] AccountsQuery query, ClusterDb db, CancellationToken ct)
    {
        var list = new ListStatement(Account.Select, query, "true")
            .Containing("name", "x.name", query.Name)
            .Equal("slug", "x.slug", query.Slug)
            .Whether("x.disabled_at is not null", query.Disabled);
        return TypedResults.Ok(await db.ListAsync<Account>(list, ct));
    }

    private static async Task<Ok<Account>> Get(Guid account_id, ClusterDb db, CancellationToken ct) =>
        TypedResults.Ok(await db.GetAsync<Account>(Account.Select + ById, new { id = account_id }, ct));

    private static Task<IResult> Create(CreateAccount body, Changes changes, CancellationToken ct) => changes.RunForClusterAsync(
        async change =>
        {
            var account = await change.FindAsync<Account>(
                $"insert into accounts as x (name, slug) values (@Name, @Slug) returning {Account.Columns}", new { body.Name, body.Slug });
            await change.LogAsync(account!.Id, "account.create", account.Id, null, account);
            await change.ExecuteAsync(InsertEveryone, new { account = account.Id, name = Provisioner.EveryoneName });
            var admin = body.Admin is null ? null : await CreateAdminAsync(change, account.Id, body.Admin);
            return Outcome.Created($"/v1/accounts/{account.Id}", new CreatedAccount(account, admin));
        },
        ct);

    private static async Task<CreatedAdmin> CreateAdminAsync(ClusterChange change, Guid account, FirstAdmin admin)
    {
        var actor = await change.FindAsync<Actor>(InsertAdmin, new { account, admin.Name, admin.Email });
        await change.LogAsync(account, "actor.create", actor!.Id, null, actor);
        var issued = DeviceToken.Issue(TokenKind.Admin);
        var wanted = new CreateAdminToken { Name = "First token", ActorId = actor.Id, Role = "admin" };
        var token = await change.FindAsync<AdminToken>(
            AdminTokenEndpoints.Insert, AdminTokenEndpoints.Parameters(issued, wanted, expires: null, account));
        await change.LogAsync(account, "admin_token.create", issued.Id, null, token);
        return new CreatedAdmin(actor.Id, issued.Id, issued.Text);
    }

    private static Task<IResult> CreateToken(
        Guid account_id, CreateAdminToken body, Changes changes, TimeProvider time, CancellationToken ct)
    {
        var expires = Expiry.InFuture(body.ExpiresAt, time);
        return changes.RunForClusterAsync(
            async change =>
            {
                await LockAsync(change, account_id);
                var issued = DeviceToken.Issue(TokenKind.Admin);
                var token = await change.FindAsync<AdminToken>(
                    AdminTokenEndpoints.Insert, AdminTokenEndpoints.Parameters(issued, body, expires, account_id))
                    ?? throw AdminTokenEndpoints.WrongActor();
                await change.LogAsync(account_id, "admin_token.create", token.Id, null, token);
                return Outcome.Created($"/v1/admin-tokens/{token.Id}", token with { Token = issued.Text });
            },
            ct);
    }

    private static Task<IResult> Disable(Guid account_id, Changes changes, CancellationToken ct) =>
        ChangeAsync(changes, account_id, "account.disable", "coalesce(x.disabled_at, clock_timestamp())", ct);

    private static Task<IResult> Enable(Guid account_id, Changes changes, CancellationToken ct) =>
        ChangeAsync(changes, account_id, "account.enable", "null", ct);

    private static Task<IResult> ChangeAsync(Changes changes, Guid id, string action, string disabledAt, CancellationToken ct) =>
        changes.RunForClusterAsync(
            async change =>
            {
                var before = await LockAsync(change, id);
                var after = await change.FindAsync<Account>(
                    $"update accounts x set disabled_at = {disabledAt}{ById} returning {Account.Columns}", new { id });
                await change.LogAsync(id, action, id, before, after);
                return Outcome.Ok(after!);
            },
            ct);

    private static Task<IResult> Delete(Guid account_id, Changes changes, CancellationToken ct) => changes.RunForClusterAsync(
        async change =>
        {
            var before = await LockAsync(change, account_id);
            await change.ExecuteAsync($"delete from accounts x{ById}", new { id = account_id });
            await change.LogAsync(account_id, "account.delete", account_id, before, null);
            return Outcome.NoContent;
        },
        ct);

    private static async Task<Account> LockAsync(ClusterChange change, Guid id) =>
        await change.FindAsync<Account>($"{Account.Select}{ById} for no key update", new { id }) ?? throw ProblemException.NotFound();
}
