using Firezone.Cli.Commands;
using Firezone.Cli.References;
using static Firezone.Cli.Commands.Inputs;

namespace Firezone.Cli.Catalog;

/// <summary>The account, its actors, their groups.</summary>
internal static class PeopleOperations
{
    private const string ActorColumns = "id name type email disabled_at created_at";
    private const string GroupColumns = "id name managed_by member_count created_at";

    private static readonly Input ActorIds =
        new("ACTOR", Place.Body, "actor_ids", "Names, e-mail addresses or ids; - reads them from the standard input, one a line")
        {
            Thing = Things.Actor,
            Many = true,
        };

    public static readonly Operation[] All =
    [
        new("account show", "Shows the account", "GET /v1/account"),
        new("account update", "Changes the account; what is not given stays as it is", "PATCH /v1/account",
            Text("--name", "name", "Its name"),
            Text("--slug", "slug", "Its short name, unique in the cluster"),
            Clearable("--search-domain", "config.search_domain", "Domain that clients complete host names with"),
            Choice("--dns", "config.dns.type", "Which resolvers clients use", "system", "custom", "secure"),
            Text("--dns-address", "config.dns.addresses", "Address of a custom resolver") with { Many = true },
            None("--no-dns-addresses", "config.dns.addresses", "Without custom resolvers"),
            Clearable("--doh-provider", "config.dns.doh_provider", "Resolver for secure DNS: google, cloudflare, quad9 or opendns"))
        {
            Prepare = AccountConfig.CompleteAsync,
        },

        new("actors list", "Lists the actors", "GET /v1/actors",
            Ids, Named,
            Filter("--type", "Only those of this type", null, false, "account_user", "account_admin_user", "service_account", "api_client"),
            Filter("--email", "Only the one with this e-mail address"),
            FilterFlag("--disabled", "Only those that are disabled, or not"),
            FilterBy(Things.Group)) { Columns = ActorColumns },
        new("actors show", "Shows an actor", "GET /v1/actors/{actor_id}", Of(Things.Actor)),
        new("actors create", "Makes an actor", "POST /v1/actors",
            NewName,
            Choice("--type", "type", "What it is", "account_user", "account_admin_user", "service_account", "api_client") with { Required = true },
            Text("--email", "email", "E-mail address of a person")),
        new("actors update", "Changes an actor", "PATCH /v1/actors/{actor_id}",
            Of(Things.Actor),
            Text("--name", "name", "Its name"),
            Clearable("--email", "email", "Its e-mail address"),
            Choice("--type", "type", "User or administrator", "account_user", "account_admin_user")),
        new("actors delete", "Deletes an actor", "DELETE /v1/actors/{actor_id}", Of(Things.Actor))
        {
            Warning = "Deletes an actor with its tokens, devices and memberships.",
        },
        new("actors disable", "Locks an actor out and deletes its client tokens", "POST /v1/actors/{actor_id}/disable", Of(Things.Actor)),
        new("actors enable", "Lets an actor in again", "POST /v1/actors/{actor_id}/enable", Of(Things.Actor)),
        new("actors groups", "Lists the groups that an actor is a member of", "GET /v1/actors/{actor_id}/groups", Of(Things.Actor))
        {
            Columns = GroupColumns,
        },

        new("groups list", "Lists the groups", "GET /v1/groups",
            Ids, Named, Filter("--managed-by", "Only those managed by", null, false, "account", "system", "idp")) { Columns = GroupColumns },
        new("groups show", "Shows a group", "GET /v1/groups/{group_id}", Of(Things.Group)),
        new("groups create", "Makes a group", "POST /v1/groups", NewName),
        new("groups rename", "Gives a group another name", "PATCH /v1/groups/{group_id}", Of(Things.Group), NewName),
        new("groups delete", "Deletes a group", "DELETE /v1/groups/{group_id}", Of(Things.Group))
        {
            Warning = "Deletes a group with its memberships and policies.",
        },

        new("members list", "Lists the members of a group", "GET /v1/groups/{group_id}/members",
            Of(Things.Group), FilterBy(Things.Actor, many: true) with { Help = "Only this actor" })
        {
            Columns = "=actor_id name type email created_at",
        },
        new("members add", "Puts actors into a group", "PATCH /v1/groups/{group_id}/members",
            Of(Things.Group), ActorIds with { Member = "add", Required = true }),
        new("members remove", "Takes actors out of a group", "PATCH /v1/groups/{group_id}/members",
            Of(Things.Group), ActorIds with { Member = "remove", Required = true }),
        new("members set", "Makes these actors, and no others, the members of a group", "PUT /v1/groups/{group_id}/members",
            Of(Things.Group), ActorIds)
        {
            Warning = "Takes everybody else out of the group.",
        },
    ];
}
