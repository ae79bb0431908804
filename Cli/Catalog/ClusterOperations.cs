using Firezone.Cli.Commands;
using Firezone.Cli.References;
using static Firezone.Cli.Commands.Inputs;

namespace Firezone.Cli.Catalog;

/// <summary>What is beyond one account: accounts, the cluster's state, the audit log.</summary>
internal static class ClusterOperations
{
    public static readonly Operation[] All =
    [
        new("accounts list", "Lists the accounts", "GET /v1/accounts",
            Ids, Named, Filter("--slug", "Only the one with this slug"), FilterFlag("--disabled", "Only those that are disabled, or not"))
        {
            Columns = "id name slug disabled_at created_at",
        },
        new("accounts show", "Shows an account", "GET /v1/accounts/{account_id}", Of(Things.Account)),
        new("accounts create", "Makes an account, with its first administrator if one is named", "POST /v1/accounts",
            NewName,
            Text("--slug", "slug", "Its short name, unique in the cluster") with { Required = true },
            Text("--admin", "admin.name", "Name of the first administrator, who gets an admin token"),
            Text("--admin-email", "admin.email", "The administrator's e-mail address")),
        new("accounts delete", "Deletes an account", "DELETE /v1/accounts/{account_id}", Of(Things.Account))
        {
            Warning = "Deletes an account with everything in it.",
        },
        new("accounts disable", "Closes an account and deletes its client tokens", "POST /v1/accounts/{account_id}/disable", Of(Things.Account)),
        new("accounts enable", "Opens an account again", "POST /v1/accounts/{account_id}/enable", Of(Things.Account)),

        new("status", "Shows silos, front-ends and how many sessions there are", "GET /v1/status") { Show = StatusView.Show },
        new("audit-log", "Lists who changed what, newest first", "GET /v1/audit-log",
            Filter("--action", "Only this action, such as site.update"),
            Filter("--target-type", "Only changes of such things, such as site"),
            Filter("--target-id", "Only changes of the thing with this id"),
            FilterBy(Things.Actor) with { Help = "Only changes by this actor" },
            FilterBy(Things.Token) with { Help = "Only changes with this token" },
            Since("--since", "Not before"),
            Since("--until", "Not after"),
            FilterBy(Things.Account) with { Help = "Only changes in this account (operators)" })
        {
            Columns = "at action target_id change token_name remote_ip",
        },
        new("openapi", "Prints the API's OpenAPI document", "GET /v1/openapi.json") { Show = (report, document) => report.WriteJson(document) },
    ];
}
