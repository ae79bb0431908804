using Firezone.Admin.Data;
using Firezone.Admin.Routing;
using Firezone.Admin.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Firezone.Admin.Accounts;

/// <summary>Routes of the caller's account.</summary>
internal static class AccountEndpoints
{
    private const string Own = " where x.id = @account";

    public static void Map(AccountRoutes routes)
    {
        routes.Read.MapGet("/account", Get).WithName("getAccount").WithSummary("Get the account");
        routes.Change.MapPatch("/account", Update).Returns<Account>("updateAccount", "Change the account");
    }

    private static async Task<Ok<Account>> Get(AccountDb db, CancellationToken ct) =>
        TypedResults.Ok(await db.GetAsync<Account>(Account.Select + Own, null, ct));

    private static Task<IResult> Update(UpdateAccount body, Changes changes, CancellationToken ct)
    {
        var findings = new Findings();
        var config = body.Config is null ? null : SettingsRules.Check(body.Config, findings);
        findings.Demand();
        return changes.RunAsync(
            async change =>
            {
                var before = await change.GetAsync<Account>($"{Account.Select}{Own} for no key update", null);
                var after = await change.GetAsync<Account>(
                    $"update accounts x set name = @name, slug = @slug, config = @config{Own} returning {Account.Columns}",
                    new
                    {
                        name = body.OrKeep(body.Name, before.Name),
                        slug = body.OrKeep(body.Slug, before.Slug),
                        config = config ?? body.OrKeep(body.Config, before.Config),
                    });
                await change.LogAsync("account.update", after.Id, before, after);
                return Outcome.Ok(after);
            },
            ct);
    }
}
