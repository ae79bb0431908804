using Firezone.Shared;

namespace Firezone.Admin.Tests.Support;

/// <summary>An account with one of everything, and the ids by the names of the path parameters.</summary>
public sealed class AccountWorld
{
    private const string Devices = """
        with c as (
            insert into clients (id, account_id, actor_id, external_id, public_key, psk_base, name, last_seen_at, last_seen_version,
                last_seen_user_agent, last_seen_remote_ip, last_seen_region)
            values ($1, $2, $3, 'laptop-' || $1, $1::text, '\x00', 'laptop', now(), '1.5.8', 'Linux/6 headless-client/1.5.8', '198.51.100.7', 'DE')),
        g as (
            insert into gateways (id, account_id, site_id, external_id, public_key, psk_base, name, last_seen_at, last_seen_version)
            values ($4, $2, $5, 'gw-' || $4, $4::text, '\x00', 'gw', now(), '1.5.0'))
        insert into sessions (id, front_end_id, kind, account_id, device_id, token_id, region, remote_ip, version, opened_at)
        values ($6, gen_random_uuid(), 'client', $2, $1, $7, 'local', '198.51.100.7', '1.5.8', now()),
            (gen_random_uuid(), gen_random_uuid(), 'gateway', $2, $4, $8, 'local', '198.51.100.8', '1.5.0', now())
        """;

    private const string Authorization = """
        insert into policy_authorizations (id, account_id, client_id, gateway_id, resource_id, policy_id, membership_id, token_id,
            client_remote_ip, client_user_agent, gateway_remote_ip, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, '198.51.100.7', 'agent', '198.51.100.8', now() + interval '1 hour')
        """;

    private AccountWorld(AdminCaller caller) => Caller = caller;

    /// <summary>An admin of the account.</summary>
    public AdminCaller Caller { get; }

    /// <summary>Ids by parameter name; <c>gateway_token_id</c>, <c>client_token_id</c> and <c>admin_token_id</c> for the tokens.</summary>
    public Dictionary<string, Guid> Ids { get; } = [];

    public Guid this[string name] => Ids[name];

    public static async Task<AccountWorld> CreateAsync(AdminHost host)
    {
        var world = new AccountWorld(await host.AccountAsync());
        await world.FillAsync(host);
        return world;
    }

    /// <summary>A row for every table that belongs to the account, as text: what must not change by another account's doing.</summary>
    public async Task<string> FingerprintAsync(PostgresFixture postgres)
    {
        string[] tables =
        [
            "actors", "groups", "memberships", "sites", "resources", "policies", "client_tokens", "gateway_tokens", "clients", "gateways",
            "policy_authorizations", "sessions", "audit_log",
        ];
        var parts = tables.Select(t => $"select '{t}' || t::text as line from {t} t where account_id = $1")
            .Append("select 'accounts' || t::text from accounts t where id = $1")
            .Append("select 'admin_tokens' || (to_jsonb(t) - 'last_used_at')::text from admin_tokens t where account_id = $1");
        return await postgres.ScalarAsync<string>(
            $"select string_agg(line, E'\\n' order by line) from ({string.Join(" union all ", parts)}) lines", Caller.AccountId);
    }

    private async Task FillAsync(AdminHost host)
    {
        var p = host.Provisioner;
        var account = Caller.AccountId;
        Ids["account_id"] = account;
        Ids["admin_actor_id"] = Caller.ActorId;
        // Of relays and operators: no account has one.
        Ids["token_id"] = Ids["node_id"] = Ids["front_end_id"] = Ids["silo_id"] = Guid.NewGuid();
        Ids["actor_id"] = await p.CreateActorAsync(account, "service_account", "Robot");
        Ids["group_id"] = await p.CreateGroupAsync(account, "Engineers");
        Ids["membership_id"] = await p.AddMemberAsync(this["group_id"], this["actor_id"]);
        Ids["site_id"] = await p.CreateSiteAsync(account, "Frankfurt");
        Ids["gateway_token_id"] = (await p.IssueGatewayTokenAsync(this["site_id"])).Id;
        Ids["resource_id"] = await p.CreateResourceAsync(account, this["site_id"], "cidr", "Lab", "10.20.0.0/16");
        Ids["policy_id"] = await p.CreatePolicyAsync(this["group_id"], this["resource_id"]);
        Ids["client_token_id"] = (await p.IssueClientTokenAsync(this["actor_id"], DateTimeOffset.UtcNow.AddDays(1))).Id;
        Ids["client_id"] = Guid.NewGuid();
        Ids["gateway_id"] = Guid.NewGuid();
        Ids["session_id"] = Guid.NewGuid();
        await host.Postgres.ExecuteAsync(
            Devices,
            this["client_id"],
            account,
            this["actor_id"],
            this["gateway_id"],
            this["site_id"],
            this["session_id"],
            this["client_token_id"],
            this["gateway_token_id"]);
        Ids["authorization_id"] = Guid.NewGuid();
        await host.Postgres.ExecuteAsync(
            Authorization,
            this["authorization_id"],
            account,
            this["client_id"],
            this["gateway_id"],
            this["resource_id"],
            this["policy_id"],
            this["membership_id"],
            this["client_token_id"]);
        Ids["admin_token_id"] = (await p.IssueAdminTokenAsync(Caller.ActorId, "reader", "second")).Id;
    }
}
