using System.Text.Json;
using Firezone.Storage.Postgres;
using Npgsql;

namespace Firezone.Grains.Tests.Model;

/// <summary>An account's rows, as one statement has seen them. Sorted by id: ids come from the seed, so that a run can be repeated.</summary>
internal sealed record AccountRows(
    long Version,
    string Slug,
    JsonElement Config,
    bool Disabled,
    AccountRows.Site[] Sites,
    AccountRows.Resource[] Resources,
    AccountRows.Group[] Groups,
    AccountRows.Membership[] Memberships,
    AccountRows.Policy[] Policies,
    AccountRows.Actor[] Actors,
    AccountRows.ClientToken[] ClientTokens,
    AccountRows.GatewayToken[] GatewayTokens,
    AccountRows.Client[] Clients,
    AccountRows.Gateway[] Gateways,
    AccountRows.Authorization[] Authorizations,
    AccountRows.Inserted[] Grants)
{
    /// <summary>
    /// Remembers what was ever granted, and whether it was right at that moment: what is granted and revoked between two looks at the
    /// table is seen here.
    /// </summary>
    public const string AuditSql = """
        create table model_grants (
            id bigint generated always as identity primary key,
            account_id uuid, client_id uuid, gateway_id uuid, resource_id uuid, valid boolean);
        create index on model_grants (account_id, id);
        create function model_grant() returns trigger language plpgsql as $$
        begin
            insert into model_grants (account_id, client_id, gateway_id, resource_id, valid)
            values (new.account_id, new.client_id, new.gateway_id, new.resource_id, exists (
                select from policies p
                join groups m on m.id = p.group_id
                join resources r on r.id = new.resource_id
                join gateways g on g.id = new.gateway_id and g.site_id = r.site_id
                join clients c on c.id = new.client_id
                join actors a on a.id = c.actor_id
                join client_tokens t on t.id = new.token_id and t.actor_id = a.id
                where p.id = new.policy_id and p.resource_id = new.resource_id and p.disabled_at is null
                    and case when new.membership_id is null then m.is_everyone and a.type in ('account_user', 'account_admin_user')
                        else exists (
                            select from memberships s
                            where s.id = new.membership_id and s.group_id = p.group_id and s.actor_id = a.id) end));
            return null;
        end $$;
        create trigger model_granted after insert on policy_authorizations for each row execute function model_grant();
        """;

    private const string Sql = """
        select json_build_object(
            'version', o.version, 'slug', o.slug, 'config', o.config, 'disabled', o.disabled_at is not null,
            'sites', (select coalesce(json_agg(x order by x.id), '[]') from (
                select id, name from sites where account_id = o.id) x),
            'resources', (select coalesce(json_agg(x order by x.id), '[]') from (
                select id, site_id, type, name, address, address_description, ip_stack, filters from resources where account_id = o.id) x),
            'groups', (select coalesce(json_agg(x order by x.id), '[]') from (
                select id, name, is_everyone from groups where account_id = o.id) x),
            'memberships', (select coalesce(json_agg(x order by x.id), '[]') from (
                select id, group_id, actor_id from memberships where account_id = o.id) x),
            'policies', (select coalesce(json_agg(x order by x.id), '[]') from (
                select id, group_id, resource_id, disabled_at is not null as disabled, conditions from policies where account_id = o.id) x),
            'actors', (select coalesce(json_agg(x order by x.id), '[]') from (
                select id, type, disabled_at is not null as disabled from actors where account_id = o.id) x),
            'client_tokens', (select coalesce(json_agg(x order by x.id), '[]') from (
                select id, actor_id, auth_provider_id, extract(epoch from expires_at) as expires_at
                from client_tokens where account_id = o.id) x),
            'gateway_tokens', (select coalesce(json_agg(x order by x.id), '[]') from (
                select id, site_id from gateway_tokens where account_id = o.id) x),
            'clients', (select coalesce(json_agg(x order by x.id), '[]') from (
                select id, actor_id, verified_at is not null as verified from clients where account_id = o.id) x),
            'gateways', (select coalesce(json_agg(x order by x.id), '[]') from (
                select id, site_id from gateways where account_id = o.id) x),
            'authorizations', (select coalesce(json_agg(x order by x.id), '[]') from (
                select id, client_id, gateway_id, resource_id, policy_id, membership_id, token_id, client_remote_ip,
                    extract(epoch from expires_at) as expires_at
                from policy_authorizations where account_id = o.id and expires_at > clock_timestamp()) x),
            'grants', (select coalesce(json_agg(x order by x.id), '[]') from (
                select id, client_id, gateway_id, resource_id, valid from model_grants where account_id = o.id and id > $2) x))::text
        from accounts o where o.id = $1
        """;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Null if the account is gone.</summary>
    /// <param name="database">Where.</param>
    /// <param name="accountId">The account.</param>
    /// <param name="grantsAfter">Only grants after this one are listed.</param>
    public static async Task<AccountRows?> ReadAsync(Database database, Guid accountId, long grantsAfter)
    {
        await using var command = database.Write.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = accountId });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = grantsAfter });
        return await command.ExecuteScalarAsync() is string json ? JsonSerializer.Deserialize<AccountRows>(json, Json) : null;
    }

    internal sealed record Site(Guid Id, string Name);

    internal sealed record Resource(
        Guid Id, Guid? SiteId, string Type, string Name, string? Address, string? AddressDescription, string? IpStack, Filter[] Filters);

    internal sealed record Filter(string Protocol, string[]? Ports);

    internal sealed record Group(Guid Id, string Name, bool IsEveryone);

    internal sealed record Membership(Guid Id, Guid GroupId, Guid ActorId);

    internal sealed record Policy(Guid Id, Guid GroupId, Guid ResourceId, bool Disabled, Condition[] Conditions);

    internal sealed record Condition(string Property, string Operator, string[] Values);

    internal sealed record Actor(Guid Id, string Type, bool Disabled);

    internal sealed record ClientToken(Guid Id, Guid ActorId, Guid? AuthProviderId, double ExpiresAt);

    internal sealed record GatewayToken(Guid Id, Guid SiteId);

    internal sealed record Client(Guid Id, Guid ActorId, bool Verified);

    internal sealed record Gateway(Guid Id, Guid SiteId);

    internal sealed record Authorization(
        Guid Id,
        Guid ClientId,
        Guid GatewayId,
        Guid ResourceId,
        Guid PolicyId,
        Guid? MembershipId,
        Guid TokenId,
        string ClientRemoteIp,
        double ExpiresAt);

    internal sealed record Inserted(long Id, Guid ClientId, Guid GatewayId, Guid ResourceId, bool Valid);
}
