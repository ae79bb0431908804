using Firezone.Cli.Commands;
using Firezone.Cli.References;
using Firezone.Cli.Values;
using static Firezone.Cli.Commands.Inputs;

namespace Firezone.Cli.Catalog;

/// <summary>Sites, gateways, resources, policies, clients, and what goes on between them.</summary>
internal static class NetworkOperations
{
    private static readonly string[] ResourceTypes = ["dns", "cidr", "ip", "internet"];

    private static readonly Input[] ResourceInputs =
    [
        Clearable("--address", "address", "Domain, range or address"),
        Clearable("--description", "address_description", "What people see instead of the address"),
        Choice("--ip-stack", "ip_stack", "For dns: which addresses names get", "dual", "ipv4_only", "ipv6_only"),
        Text("--filter", "filters", $"Only this traffic: {TrafficFilter.Syntax}") with
        {
            Many = true,
            Convert = (text, _) => TrafficFilter.Parse(text),
        },
        Refer("--site", "site_id", Things.Site, "Where it is reached from; \"\" for nowhere yet") with { Nullable = true },
    ];

    private static readonly Input[] PolicyInputs =
    [
        Clearable("--description", "description", "What it is for"),
        Text("--condition", "conditions", $"Only when: {Condition.Syntax}") with { Many = true, Convert = (text, _) => Condition.Parse(text) },
    ];

    public static readonly Operation[] All =
    [
        new("sites list", "Lists the sites", "GET /v1/sites", Ids, Named) { Columns = "id name managed_by created_at" },
        new("sites show", "Shows a site", "GET /v1/sites/{site_id}", Of(Things.Site)),
        new("sites create", "Makes a site", "POST /v1/sites", NewName),
        new("sites rename", "Gives a site another name", "PATCH /v1/sites/{site_id}", Of(Things.Site), NewName),
        new("sites delete", "Deletes a site", "DELETE /v1/sites/{site_id}", Of(Things.Site))
        {
            Warning = "Deletes a site with its resources, gateways and gateway tokens.",
        },

        new("gateways list", "Lists the gateways", "GET /v1/gateways",
            Ids, Named, FilterBy(Things.Site), FilterFlag("--online", "Only those that are connected, or not"))
        {
            Columns = "id name site_id online last_seen_at last_seen_version last_seen_remote_ip",
        },
        new("gateways show", "Shows a gateway", "GET /v1/gateways/{gateway_id}", Of(Things.Gateway)),
        new("gateways delete", "Deletes a gateway", "DELETE /v1/gateways/{gateway_id}", Of(Things.Gateway)) { Warning = "Deletes a gateway." },

        new("resources list", "Lists the resources", "GET /v1/resources",
            Ids, Named,
            Filter("--type", "Only those of this type", null, false, ResourceTypes),
            Filter("--address", "Only those with this address"),
            FilterBy(Things.Site))
        {
            Columns = "id name type address site_id ip_stack filters",
        },
        new("resources show", "Shows a resource", "GET /v1/resources/{resource_id}", Of(Things.Resource)),
        new("resources create", "Makes a resource", "POST /v1/resources",
            [NewName, Choice("--type", "type", "What its address is", ResourceTypes) with { Required = true }, .. ResourceInputs]),
        new("resources update", "Changes a resource", "PATCH /v1/resources/{resource_id}",
            [
                Of(Things.Resource),
                Text("--name", "name", "Its name"),
                Choice("--type", "type", "What its address is; give --address with it", ResourceTypes),
                .. ResourceInputs,
                None("--no-filters", "filters", "All traffic"),
            ]),
        new("resources delete", "Deletes a resource", "DELETE /v1/resources/{resource_id}", Of(Things.Resource))
        {
            Warning = "Deletes a resource with its policies.",
        },

        new("policies list", "Lists the policies", "GET /v1/policies",
            Ids, FilterBy(Things.Group), FilterBy(Things.Resource), FilterFlag("--disabled", "Only those that are disabled, or not"))
        {
            Columns = "id group_id resource_id conditions disabled_at description",
        },
        new("policies show", "Shows a policy", "GET /v1/policies/{policy_id}", Of(Things.Policy)),
        new("policies create", "Lets a group reach a resource", "POST /v1/policies",
            [
                Refer("--group", "group_id", Things.Group, "Who") with { Required = true },
                Refer("--resource", "resource_id", Things.Resource, "What") with { Required = true },
                .. PolicyInputs,
                new("--disabled", Place.Body, "disabled", "Without effect until it is enabled") { Flag = true },
            ]),
        new("policies update", "Changes a policy", "PATCH /v1/policies/{policy_id}",
            [
                Of(Things.Policy),
                Refer("--group", "group_id", Things.Group, "Who"),
                Refer("--resource", "resource_id", Things.Resource, "What"),
                .. PolicyInputs,
                None("--no-conditions", "conditions", "At all times, from everywhere"),
            ]),
        new("policies delete", "Deletes a policy", "DELETE /v1/policies/{policy_id}", Of(Things.Policy)) { Warning = "Deletes a policy." },
        new("policies disable", "Takes a policy out of effect", "POST /v1/policies/{policy_id}/disable", Of(Things.Policy)),
        new("policies enable", "Puts a policy into effect", "POST /v1/policies/{policy_id}/enable", Of(Things.Policy)),

        new("clients list", "Lists the clients", "GET /v1/clients",
            Ids, Named, FilterBy(Things.Actor),
            FilterFlag("--verified", "Only those that are verified, or not"),
            FilterFlag("--online", "Only those that are connected, or not"))
        {
            Columns = "id name actor_id online verified_at last_seen_at last_seen_version last_seen_remote_ip",
        },
        new("clients show", "Shows a client", "GET /v1/clients/{client_id}", Of(Things.Client)),
        new("clients rename", "Gives a client another name", "PATCH /v1/clients/{client_id}", Of(Things.Client), NewName),
        new("clients verify", "Marks a client as verified", "POST /v1/clients/{client_id}/verify", Of(Things.Client)),
        new("clients unverify", "Takes the mark away", "POST /v1/clients/{client_id}/unverify", Of(Things.Client)),
        new("clients delete", "Deletes a client", "DELETE /v1/clients/{client_id}", Of(Things.Client)) { Warning = "Deletes a client." },
        new("explain", "Tells why a client can reach a resource, or why not", "GET /v1/clients/{client_id}/explain",
            Of(Things.Client),
            new("RESOURCE", Place.Query, "resource_id", "Name or id") { Required = true, Thing = Things.Resource })
        {
            Show = ExplainView.Show,
        },

        new("authorizations list", "Lists the granted flows that have not expired, newest first", "GET /v1/policy-authorizations",
            Ids, FilterBy(Things.Client), FilterBy(Things.Gateway), FilterBy(Things.Resource),
            FilterBy(Things.Policy), FilterBy(Things.Membership), FilterBy(Things.Token))
        {
            Columns = "id client_id resource_id gateway_id client_remote_ip created_at expires_at",
        },
        new("authorizations show", "Shows a granted flow", "GET /v1/policy-authorizations/{authorization_id}", Of(Things.Authorization)),
        new("authorizations delete", "Revokes a granted flow", "DELETE /v1/policy-authorizations/{authorization_id}", Of(Things.Authorization))
        {
            Warning = "Revokes a granted flow; the client may ask for it again.",
        },

        new("sessions list", "Lists who is connected, newest first", "GET /v1/sessions",
            Filter("--kind", "Only clients, or only gateways", null, false, "client", "gateway"),
            FilterBy(Things.Device, many: true),
            FilterBy(Things.Token),
            Filter("--region", "Only those of this region"),
            FilterFlag("--ended", "Those that have ended and are still kept instead"))
        {
            Columns = "id kind device_name region front_end remote_ip version opened_at ended_at",
        },
        new("sessions show", "Shows what its front-end and its grain know of a session now", "GET /v1/sessions/{session_id}/state",
            Of(Things.Session))
        {
            Show = LiveSessionView.Show,
        },
        new("sessions disconnect", "Ends a session; the device connects anew if it is allowed to", "POST /v1/sessions/{session_id}/disconnect",
            Of(Things.Session), Text("--reason", "reason", "For the audit log"))
        {
            Warning = "Closes the session's socket.",
        },
        new("watch", "Shows sessions and flows as they come and go; Ctrl-C ends it", "GET /v1/events",
            Filter("--kind", "Only these", null, true, "client", "gateway", "flow"))
        {
            Run = Watching.Watch.RunAsync,
        },
    ];
}
