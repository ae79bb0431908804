using Firezone.Bench.Load;
using Firezone.Storage.Postgres;
using Firezone.Storage.Postgres.Provisioning;
using Npgsql;

namespace Firezone.EndToEnd.Storms;

/// <summary>An account with clients and gateways that the portal knows already, and with resources that all clients may reach.</summary>
/// <param name="Clients">A hundred share an actor and its token.</param>
/// <param name="Gateways">Of one site.</param>
/// <param name="Resources">Ids.</param>
internal sealed record Population(IReadOnlyList<Identity> Clients, IReadOnlyList<Identity> Gateways, IReadOnlyList<string> Resources)
{
    private const int ClientsPerActor = 100;

    public static async Task<Population> CreateAsync(string connectionString, int clients, int gateways, int resources)
    {
        await using var database = new Database(connectionString);
        var provisioner = new Provisioner(database);
        var account = await provisioner.CreateAccountAsync($"s{Guid.NewGuid():N}"[..16], "Storm");
        var group = await provisioner.CreateGroupAsync(account, "All");
        var site = await provisioner.CreateSiteAsync(account, "Frankfurt");
        var ids = new List<string>();
        for (var i = 0; i < resources; i++)
        {
            var resource = await provisioner.CreateResourceAsync(account, site, "cidr", $"Net {i}", $"10.{i}.0.0/16");
            await provisioner.CreatePolicyAsync(group, resource);
            ids.Add(resource.ToString());
        }

        var (actors, tokens) = (new List<Guid>(), new List<string>());
        for (var i = 0; i * ClientsPerActor < clients; i++)
        {
            actors.Add(await provisioner.CreateActorAsync(account, "service_account", $"Robot {i}"));
            await provisioner.AddMemberAsync(group, actors[^1]);
            tokens.Add((await provisioner.IssueClientTokenAsync(actors[^1], TimeProvider.System.GetUtcNow().AddDays(1))).Text);
        }

        var siteToken = (await provisioner.IssueGatewayTokenAsync(site)).Text;
        await KnowAsync(database, account, site, actors, clients, gateways);
        return new(
            [.. Enumerable.Range(0, clients).Select(i => new Identity(Role.Client, i, tokens[i / ClientsPerActor]))],
            [.. Enumerable.Range(0, gateways).Select(i => new Identity(Role.Gateway, i, siteToken))],
            ids);
    }

    // With the ids and keys that the load generator's devices have.
    private static async Task KnowAsync(Database database, Guid account, Guid site, List<Guid> actors, int clients, int gateways)
    {
        const string Device =
            """
            gen_random_uuid(), $1, {0}, encode(sha256(('{1} ' || n)::bytea), 'hex'), encode(sha256(('key of {1} ' || n)::bytea), 'base64'),
            sha256(n::text::bytea), 'load-' || n, 'epoch'
            """;
        await using var batch = database.Write.CreateBatch();
        void Add(string sql, params NpgsqlParameter[] more)
        {
            var command = new NpgsqlBatchCommand(sql) { Parameters = { new NpgsqlParameter<Guid> { TypedValue = account } } };
            foreach (var parameter in more)
                command.Parameters.Add(parameter);
            batch.BatchCommands.Add(command);
        }

        Add(
            $"""
            insert into clients (id, account_id, actor_id, external_id, public_key, psk_base, name, last_seen_at)
            select {string.Format(null, Device, $"($2::uuid[])[n / {ClientsPerActor} + 1]", "client")} from generate_series(0, {clients} - 1) n
            """,
            new NpgsqlParameter<Guid[]> { TypedValue = [.. actors] });
        Add(
            $"""
            insert into gateways (id, account_id, site_id, external_id, public_key, psk_base, name, last_seen_at)
            select {string.Format(null, Device, "$2", "gateway")} from generate_series(0, {gateways} - 1) n
            """,
            new NpgsqlParameter<Guid> { TypedValue = site });
        Add(
            """
            insert into tunnel_addresses (account_id, ipv4, ipv6, client_id, gateway_id)
            select $1, '100.64.0.0'::inet + d.n, 'fd00:2021:1111::'::inet + d.n, d.client, d.gateway
            from (
                select row_number() over () as n, client, gateway
                from (
                    select id as client, null::uuid as gateway from clients where account_id = $1
                    union all select null, id from gateways where account_id = $1) u) d
            """);
        await batch.ExecuteNonQueryAsync();
    }
}
