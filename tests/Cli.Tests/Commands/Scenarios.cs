using Firezone.Cli.Tests.Contract;

namespace Firezone.Cli.Tests.Commands;

/// <summary>Every command at least once.</summary>
internal static class Scenarios
{
    private const string Operator = ContractWorld.OperatorToken;

    public static readonly Scenario[] All =
    [
        new("account show", "GET /v1/account"),
        new("account update --name New --slug new", "PATCH /v1/account", """{"name":"New","slug":"new"}"""),
        new("account update --search-domain example.com", "PATCH /v1/account",
            """{"config":{"search_domain":"example.com","dns":{"type":"custom","addresses":["192.0.2.53"],"doh_provider":null}}}"""),
        new("account update --dns secure --doh-provider quad9 --no-dns-addresses", "PATCH /v1/account",
            """{"config":{"search_domain":null,"dns":{"type":"secure","addresses":[],"doh_provider":"quad9"}}}"""),
        new("account update --dns-address 192.0.2.1 --dns-address 2001:db8::1", "PATCH /v1/account",
            """{"config":{"search_domain":null,"dns":{"type":"custom","addresses":["192.0.2.1","2001:db8::1"],"doh_provider":null}}}"""),

        new("actors list --type account_user --disabled false --group engineers --email ADA@example.com --name a", "GET /v1/actors",
            Query: "type=account_user&disabled=false&group_id=<engineers>&email=ADA@example.com&name=a"),
        new("actors show ada@example.com", "GET /v1/actors/{actor_id}", Path: "<ada>"),
        new("actors create Bob --type account_user --email bob@example.com", "POST /v1/actors",
            """{"name":"Bob","type":"account_user","email":"bob@example.com"}"""),
        new("actors create robot --type api_client", "POST /v1/actors", """{"name":"robot","type":"api_client"}"""),
        new("actors update Ada --name 'Ada L.' --email '' --type account_admin_user", "PATCH /v1/actors/{actor_id}",
            """{"name":"Ada L.","email":null,"type":"account_admin_user"}""", Path: "<ada>"),
        new("actors delete Ada --yes", "DELETE /v1/actors/{actor_id}", Path: "<ada>"),
        new("actors disable Ada", "POST /v1/actors/{actor_id}/disable", Path: "<ada>"),
        new("actors enable Ada", "POST /v1/actors/{actor_id}/enable", Path: "<ada>"),
        new("actors groups Ada", "GET /v1/actors/{actor_id}/groups", Path: "<ada>"),

        new("groups list --managed-by account --name eng", "GET /v1/groups", Query: "managed_by=account&name=eng"),
        new("groups show Engineers", "GET /v1/groups/{group_id}", Path: "<engineers>"),
        new("groups create Sales", "POST /v1/groups", """{"name":"Sales"}"""),
        new("groups rename Engineers Makers", "PATCH /v1/groups/{group_id}", """{"name":"Makers"}""", Path: "<engineers>"),
        new("groups delete Engineers -y", "DELETE /v1/groups/{group_id}", Path: "<engineers>"),
        new("members list Engineers --actor Ada --actor <builder>", "GET /v1/groups/{group_id}/members",
            Query: "actor_id=<ada>&actor_id=<builder>", Path: "<engineers>"),
        new("members add Engineers Ada <builder>", "PATCH /v1/groups/{group_id}/members", """{"add":["<ada>","<builder>"]}""", Path: "<engineers>"),
        new("members remove Engineers Ada", "PATCH /v1/groups/{group_id}/members", """{"remove":["<ada>"]}""", Path: "<engineers>"),
        new("members set Engineers Builder --yes", "PUT /v1/groups/{group_id}/members", """{"actor_ids":["<builder>"]}""", Path: "<engineers>"),
        new("members set Engineers --yes", "PUT /v1/groups/{group_id}/members", """{"actor_ids":[]}""", Path: "<engineers>"),

        new("sites list --name frank --id <frankfurt> --id <gateway>", "GET /v1/sites", Query: "name=frank&id=<frankfurt>&id=<gateway>"),
        new("sites show Frankfurt", "GET /v1/sites/{site_id}", Path: "<frankfurt>"),
        new("sites create Berlin", "POST /v1/sites", """{"name":"Berlin"}"""),
        new("sites rename Frankfurt Berlin", "PATCH /v1/sites/{site_id}", """{"name":"Berlin"}""", Path: "<frankfurt>"),
        new("sites delete Frankfurt --yes", "DELETE /v1/sites/{site_id}", Path: "<frankfurt>"),
        new("gateway-tokens list Frankfurt", "GET /v1/sites/{site_id}/gateway-tokens", Path: "<frankfurt>"),
        new("gateway-tokens create Frankfurt", "POST /v1/sites/{site_id}/gateway-tokens", Path: "<frankfurt>"),
        new("gateway-tokens delete Frankfurt <gateway-token> --yes", "DELETE /v1/sites/{site_id}/gateway-tokens/{token_id}", Path: "<gateway-token>"),
        new("gateways list --site Frankfurt --online", "GET /v1/gateways", Query: "site_id=<frankfurt>&online=true"),
        new("gateways show gw-1", "GET /v1/gateways/{gateway_id}", Path: "<gateway>"),
        new("gateways delete gw-1 --yes", "DELETE /v1/gateways/{gateway_id}", Path: "<gateway>"),

        new("resources list --type dns --site Frankfurt --address wiki.example.com", "GET /v1/resources",
            Query: "type=dns&site_id=<frankfurt>&address=wiki.example.com"),
        new("resources show Wiki", "GET /v1/resources/{resource_id}", Path: "<wiki>"),
        new("resources create Git --type dns --address git.example.com --ip-stack ipv4_only --description Code --site Frankfurt "
            + "--filter tcp:443,8000-8010 --filter icmp", "POST /v1/resources",
            """
            {"name":"Git","type":"dns","address":"git.example.com","ip_stack":"ipv4_only","address_description":"Code","site_id":"<frankfurt>",
             "filters":[{"protocol":"tcp","ports":["443","8000-8010"]},{"protocol":"icmp","ports":[]}]}
            """),
        new("resources create All --type internet", "POST /v1/resources", """{"name":"All","type":"internet"}"""),
        new("resources update Wiki --type cidr --address 10.0.0.0/8 --no-filters --site '' --description ''", "PATCH /v1/resources/{resource_id}",
            """{"type":"cidr","address":"10.0.0.0/8","filters":[],"site_id":null,"address_description":null}""", Path: "<wiki>"),
        new("resources delete Wiki --yes", "DELETE /v1/resources/{resource_id}", Path: "<wiki>"),

        new("policies list --group Engineers --resource Wiki --disabled false", "GET /v1/policies",
            Query: "group_id=<engineers>&resource_id=<wiki>&disabled=false"),
        new("policies show <policy>", "GET /v1/policies/{policy_id}", Path: "<policy>"),
        new("policies create --group Engineers --resource Wiki --description Why --disabled --condition 'region in DE,FR' --condition verified",
            "POST /v1/policies",
            """
            {"group_id":"<engineers>","resource_id":"<wiki>","description":"Why","disabled":true,"conditions":[
             {"property":"remote_ip_location_region","operator":"is_in","values":["DE","FR"]},
             {"property":"client_verified","operator":"is","values":["true"]}]}
            """),
        new("policies update <policy> --no-conditions --description '' --resource Wiki", "PATCH /v1/policies/{policy_id}",
            """{"conditions":[],"description":null,"resource_id":"<wiki>"}""", Path: "<policy>"),
        new("policies delete <policy> --yes", "DELETE /v1/policies/{policy_id}", Path: "<policy>"),
        new("policies disable <policy>", "POST /v1/policies/{policy_id}/disable", Path: "<policy>"),
        new("policies enable <policy>", "POST /v1/policies/{policy_id}/enable", Path: "<policy>"),

        new("clients list --actor Ada --verified false --online", "GET /v1/clients", Query: "actor_id=<ada>&verified=false&online=true"),
        new("clients show laptop", "GET /v1/clients/{client_id}", Path: "<laptop>"),
        new("clients rename laptop notebook", "PATCH /v1/clients/{client_id}", """{"name":"notebook"}""", Path: "<laptop>"),
        new("clients verify laptop", "POST /v1/clients/{client_id}/verify", Path: "<laptop>"),
        new("clients unverify laptop", "POST /v1/clients/{client_id}/unverify", Path: "<laptop>"),
        new("clients delete laptop --yes", "DELETE /v1/clients/{client_id}", Path: "<laptop>"),
        new("explain laptop Wiki", "GET /v1/clients/{client_id}/explain", Query: "resource_id=<wiki>", Path: "<laptop>"),
        new("client-tokens list Builder", "GET /v1/actors/{actor_id}/client-tokens", Path: "<builder>"),
        new("client-tokens create Builder --expires 90d", "POST /v1/actors/{actor_id}/client-tokens",
            """{"expires_at":"2026-04-01T00:00:00Z"}""", Path: "<builder>"),
        new("client-tokens delete Builder <client-token> --yes", "DELETE /v1/actors/{actor_id}/client-tokens/{token_id}", Path: "<client-token>"),

        new("authorizations list --client laptop --gateway gw-1 --resource Wiki --policy <policy>", "GET /v1/policy-authorizations",
            Query: "client_id=<laptop>&gateway_id=<gateway>&resource_id=<wiki>&policy_id=<policy>"),
        new("authorizations list --membership <ada> --token <client-token>", "GET /v1/policy-authorizations",
            Query: "membership_id=<ada>&token_id=<client-token>"),
        new("authorizations show <flow>", "GET /v1/policy-authorizations/{authorization_id}", Path: "<flow>"),
        new("authorizations delete <flow> --yes", "DELETE /v1/policy-authorizations/{authorization_id}", Path: "<flow>"),
        new("sessions list --kind client --device laptop --device gw-1 --region eu --ended", "GET /v1/sessions",
            Query: "kind=client&device_id=<laptop>&device_id=<gateway>&region=eu&ended=true"),

        new("admin-tokens list --actor Builder", "GET /v1/admin-tokens", Query: "actor_id=<builder>"),
        new("admin-tokens create deploy --actor Builder --role reader --expires 2027-01-31", "POST /v1/admin-tokens",
            """{"name":"deploy","actor_id":"<builder>","role":"reader","expires_at":"2027-01-31T00:00:00Z"}"""),
        new("admin-tokens delete ci --yes", "DELETE /v1/admin-tokens/{token_id}", Path: "<admin-token>"),
        new("audit-log --action site.update --target-type site --target-id s --since 24h --until 2026-01-01T00:00:00Z", "GET /v1/audit-log",
            Query: "action=site.update&target_type=site&target_id=s&since=2025-12-31T00:00:00Z&until=2026-01-01T00:00:00Z"),
        new("audit-log --actor Ada --token <admin-token>", "GET /v1/audit-log", Query: "actor_id=<ada>&token_id=<admin-token>"),

        new("accounts list --slug acme --disabled false", "GET /v1/accounts", Query: "slug=acme&disabled=false", Token: Operator),
        new("accounts show acme", "GET /v1/accounts/{account_id}", Path: "<acme>", Token: Operator),
        new("accounts create 'New Inc' --slug new --admin Eve --admin-email eve@example.com", "POST /v1/accounts",
            """{"name":"New Inc","slug":"new","admin":{"name":"Eve","email":"eve@example.com"}}""", Token: Operator),
        new("accounts create Plain --slug plain", "POST /v1/accounts", """{"name":"Plain","slug":"plain"}""", Token: Operator),
        new("accounts delete Acme --yes", "DELETE /v1/accounts/{account_id}", Path: "<acme>", Token: Operator),
        new("accounts disable Acme", "POST /v1/accounts/{account_id}/disable", Path: "<acme>", Token: Operator),
        new("accounts enable Acme", "POST /v1/accounts/{account_id}/enable", Path: "<acme>", Token: Operator),
        new("accounts create-token Acme rescue --actor <ada> --role admin", "POST /v1/accounts/{account_id}/admin-tokens",
            """{"name":"rescue","actor_id":"<ada>","role":"admin"}""", Path: "<acme>", Token: Operator),
        new("audit-log --account Acme", "GET /v1/audit-log", Query: "account_id=<acme>", Token: Operator),
        new("relay-tokens list", "GET /v1/relay-tokens", Token: Operator),
        new("relay-tokens create", "POST /v1/relay-tokens", Token: Operator),
        new("relay-tokens delete <relay-token> --yes", "DELETE /v1/relay-tokens/{token_id}", Path: "<relay-token>", Token: Operator),
        new("operator-tokens list", "GET /v1/operator-tokens", Token: Operator),
        new("operator-tokens create night --expires 30d", "POST /v1/operator-tokens",
            """{"name":"night","expires_at":"2026-01-31T00:00:00Z"}""", Token: Operator),
        new("operator-tokens delete ops --yes", "DELETE /v1/operator-tokens/{token_id}", Path: "<operator-token>", Token: Operator),

        new("status", "GET /v1/status"),
        new("openapi", "GET /v1/openapi.json"),
        new("watch --kind client --kind flow --limit 1", "GET /v1/events", Query: "kind=client&kind=flow"),
    ];
}
