using Firezone.Cli.Commands;
using Firezone.Cli.References;
using static Firezone.Cli.Commands.Inputs;

namespace Firezone.Cli.Catalog;

/// <summary>The tokens of all kinds. A token is shown once, by the command that makes it.</summary>
internal static class TokenOperations
{
    private static readonly Input TokenId = Of(Things.Token);
    private static readonly Input Role = Choice("--role", "role", "What it may", "reader", "admin") with { Required = true };

    public static readonly Operation[] All =
    [
        new("gateway-tokens list", "Lists the gateway tokens of a site", "GET /v1/sites/{site_id}/gateway-tokens", Of(Things.Site))
        {
            Columns = "id site_id created_at",
        },
        new("gateway-tokens create", "Makes a gateway token for a site", "POST /v1/sites/{site_id}/gateway-tokens", Of(Things.Site)),
        new("gateway-tokens delete", "Deletes a gateway token", "DELETE /v1/sites/{site_id}/gateway-tokens/{token_id}", Of(Things.Site), TokenId)
        {
            Warning = "Deletes a gateway token; gateways that use it are disconnected.",
        },

        new("client-tokens list", "Lists the client tokens of an actor", "GET /v1/actors/{actor_id}/client-tokens", Of(Things.Actor))
        {
            Columns = "id expires_at last_seen_at last_seen_user_agent last_seen_remote_ip created_at",
        },
        new("client-tokens create", "Makes a client token for a service account", "POST /v1/actors/{actor_id}/client-tokens",
            Of(Things.Actor), Future("When it ends", required: true)),
        new("client-tokens delete", "Deletes a client token", "DELETE /v1/actors/{actor_id}/client-tokens/{token_id}", Of(Things.Actor), TokenId)
        {
            Warning = "Deletes a client token; clients that use it are disconnected.",
        },

        new("admin-tokens list", "Lists the admin tokens", "GET /v1/admin-tokens", Ids, Named, FilterBy(Things.Actor))
        {
            Columns = "id name actor_id role expires_at last_used_at created_at",
        },
        new("admin-tokens create", "Makes an admin token", "POST /v1/admin-tokens",
            NewName,
            Refer("--actor", "actor_id", Things.Actor, "An API client or administrator") with { Required = true },
            Role,
            Future("When it ends", required: false)),
        new("admin-tokens delete", "Deletes an admin token", "DELETE /v1/admin-tokens/{token_id}", Of(Things.AdminToken, "token_id"))
        {
            Warning = "Deletes an admin token, even the one in use.",
        },

        new("relay-tokens list", "Lists the relay tokens", "GET /v1/relay-tokens") { Columns = "id created_at" },
        new("relay-tokens create", "Makes a relay token", "POST /v1/relay-tokens"),
        new("relay-tokens delete", "Deletes a relay token", "DELETE /v1/relay-tokens/{token_id}", TokenId)
        {
            Warning = "Deletes a relay token; relays that use it are disconnected.",
        },

        new("operator-tokens list", "Lists the operator tokens", "GET /v1/operator-tokens")
        {
            Columns = "id name expires_at last_used_at created_at",
        },
        new("operator-tokens create", "Makes an operator token", "POST /v1/operator-tokens",
            NewName, Future("When it ends", required: false)),
        new("operator-tokens delete", "Deletes an operator token", "DELETE /v1/operator-tokens/{token_id}", Of(Things.OperatorToken, "token_id"))
        {
            Warning = "Deletes an operator token, even the one in use.",
        },

        new("accounts create-token", "Makes an admin token for an account that has lost its own",
            "POST /v1/accounts/{account_id}/admin-tokens",
            Of(Things.Account), NewName,
            Refer("--actor", "actor_id", new Thing("actor"), "Id of an API client or administrator") with { Required = true },
            Role,
            Future("When it ends", required: false)),
    ];
}
