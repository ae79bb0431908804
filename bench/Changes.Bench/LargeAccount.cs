using Npgsql;

namespace Firezone.Changes.Bench;

/// <summary>
/// Makes an account in large statements, past triggers and foreign keys: quicker than as an administrator would, with the same rows in the
/// end, but for the record of changes.
/// </summary>
internal sealed class LargeAccount(NpgsqlDataSource quiet)
{
    public Guid Id { get; private set; }

    /// <summary>Account, group Everyone (no policy names it) and one site.</summary>
    public static async Task<LargeAccount> CreateAsync(NpgsqlDataSource quiet)
    {
        var account = new LargeAccount(quiet) { Id = Guid.NewGuid() };
        await account.ExecuteAsync("insert into accounts (id, slug, name) values ($1, 'load-' || $1, 'Load')");
        await account.ExecuteAsync(
            "insert into groups (account_id, name, managed_by, is_everyone) values ($1, 'Everyone', 'system', true)");
        await account.ExecuteAsync("insert into sites (account_id, name) values ($1, 'Site')");
        return account;
    }

    /// <summary>Actors with one client each.</summary>
    public async Task<Device[]> AddDevicesAsync(int count)
    {
        var devices = Enumerable.Range(0, count).Select(_ => new Device(Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid())).ToArray();
        await AddActorsAsync([.. devices.Select(device => device.ActorId)]);
        await ExecuteAsync(
            """
            insert into client_tokens (id, account_id, actor_id, secret_salt, secret_hash, expires_at)
            select token, $1, actor, '\x00', '\x00', now() + interval '30 days' from unnest($2, $3) as v (token, actor)
            """,
            devices.Select(device => device.TokenId).ToArray(),
            devices.Select(device => device.ActorId).ToArray());
        await ExecuteAsync(
            """
            insert into clients (id, account_id, actor_id, external_id, public_key, psk_base, name, last_seen_at)
            select client, $1, actor, client, client, '\x00', 'laptop', now() from unnest($2, $3) as v (client, actor)
            """,
            devices.Select(device => device.ClientId).ToArray(),
            devices.Select(device => device.ActorId).ToArray());
        return devices;
    }

    public Task AddActorsAsync(Guid[] actors) => ExecuteAsync(
        "insert into actors (id, account_id, type, name, email) select id, $1, 'account_user', 'Ada', id || '@example.com' from unnest($2) as v (id)",
        actors);

    public async Task<Guid[]> AddGroupsAsync(int count)
    {
        var groups = NewIds(count);
        await ExecuteAsync("insert into groups (id, account_id, name) select id, $1, 'group ' || id from unnest($2) as v (id)", groups);
        return groups;
    }

    public async Task<Guid[]> AddResourcesAsync(int count)
    {
        var resources = NewIds(count);
        await ExecuteAsync(
            """
            insert into resources (id, account_id, site_id, type, name, address, ip_stack, filters)
            select v.id, $1, s.id, 'dns', 'Service ' || n, 'service-' || n || '.example.com', 'dual', '[{"protocol": "tcp", "ports": ["443"]}]'
            from unnest($2) with ordinality as v (id, n), sites s where s.account_id = $1
            """,
            resources);
        return resources;
    }

    /// <summary>Every tenth is for clients of one network only; all of ours are in it.</summary>
    public Task AddPoliciesAsync(IReadOnlyCollection<(Guid Group, Guid Resource)> policies) => ExecuteAsync(
        $"""
        insert into policies (account_id, group_id, resource_id, conditions)
        select $1, g, r, case n % 10 when 0 then '{Fleet.Condition(16)}'::jsonb else '[]' end
        from unnest($2, $3) with ordinality as v (g, r, n)
        """,
        policies.Select(policy => policy.Group).ToArray(),
        policies.Select(policy => policy.Resource).ToArray());

    public Task AddMembersAsync(IReadOnlyCollection<(Guid Group, Guid Actor)> members) => ExecuteAsync(
        "insert into memberships (account_id, group_id, actor_id) select $1, g, a from unnest($2, $3) as v (g, a)",
        members.Select(member => member.Group).ToArray(),
        members.Select(member => member.Actor).ToArray());

    private static Guid[] NewIds(int count) => [.. Enumerable.Range(0, count).Select(_ => Guid.NewGuid())];

    private async Task ExecuteAsync(string sql, params Guid[][] columns)
    {
        await using var command = quiet.CreateCommand(sql);
        command.CommandTimeout = 0;
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Id });
        foreach (var column in columns)
            command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = column });
        await command.ExecuteNonQueryAsync();
    }
}
