using Firezone.Storage.Postgres.Authorizations;
using Firezone.Storage.Postgres.Embedded;
using Firezone.Storage.Postgres.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Firezone.Grants.Bench;

/// <summary>A PostgreSQL server with fsync and synchronous commit, and an account in it.</summary>
internal sealed class Server : IAsyncDisposable
{
    private const int Clients = 1_000;
    private const int Resources = 100;
    private const int Gateways = 50;

    // Past the triggers that follow changes; what grants refer to is all there.
    private const string Account = """
        insert into accounts (id, slug, name) values (md5('account')::uuid, 'bench', 'bench');
        insert into groups (id, account_id, name) values (md5('group')::uuid, md5('account')::uuid, 'all');
        insert into sites (id, account_id, name) values (md5('site')::uuid, md5('account')::uuid, 'site');
        insert into actors (id, account_id, type, name, email)
        select md5('a' || n)::uuid, md5('account')::uuid, 'account_user', 'user', n || '@example.com' from generate_series(1, {0}) n;
        insert into memberships (id, account_id, group_id, actor_id)
        select md5('m' || n)::uuid, md5('account')::uuid, md5('group')::uuid, md5('a' || n)::uuid from generate_series(1, {0}) n;
        insert into client_tokens (id, account_id, actor_id, secret_salt, secret_hash, expires_at)
        select md5('t' || n)::uuid, md5('account')::uuid, md5('a' || n)::uuid, '', '', now() + interval '1 day' from generate_series(1, {0}) n;
        insert into clients (id, account_id, actor_id, external_id, public_key, psk_base, name, last_seen_at)
        select md5('c' || n)::uuid, md5('account')::uuid, md5('a' || n)::uuid, 'c' || n, 'k' || n, '', 'client', now() from generate_series(1, {0}) n;
        insert into resources (id, account_id, site_id, type, name, address)
        select md5('r' || n)::uuid, md5('account')::uuid, md5('site')::uuid, 'cidr', 'net', '10.0.0.0/8' from generate_series(1, {1}) n;
        insert into policies (id, account_id, group_id, resource_id)
        select md5('p' || n)::uuid, md5('account')::uuid, md5('group')::uuid, md5('r' || n)::uuid from generate_series(1, {1}) n;
        insert into gateways (id, account_id, site_id, external_id, public_key, psk_base, name, last_seen_at)
        select md5('g' || n)::uuid, md5('account')::uuid, md5('site')::uuid, 'g' || n, 'k' || n, '', 'gateway', now() from generate_series(1, {2}) n;
        create extension pg_stat_statements;
        """;

    private readonly EmbeddedPostgres _server;
    private readonly NpgsqlDataSource _database;
    private Guid[] _clients = [];
    private Guid[] _tokens = [];
    private Guid[] _memberships = [];
    private Guid[] _resources = [];
    private Guid[] _policies = [];
    private Guid[] _gateways = [];
    private Guid _account;

    private Server(EmbeddedPostgres server)
    {
        _server = server;
        ConnectionString = server.ConnectionString();
        _database = NpgsqlDataSource.Create(ConnectionString);
    }

    public string ConnectionString { get; }

    public static async Task<Server> StartAsync(CancellationToken ct)
    {
        var server = new Server(await EmbeddedPostgres.StartAsync(
            new EmbeddedPostgresOptions
            {
                DataDirectory = Path.Combine(Path.GetTempPath(), $"firezone-grants-{Guid.NewGuid():N}"),
                Durable = true,
                Settings = new Dictionary<string, string>
                {
                    ["shared_preload_libraries"] = "pg_stat_statements",
                    ["synchronous_commit"] = "on",
                    // Upkeep is done by hand, so that it falls into no measurement.
                    ["autovacuum"] = "off",
                    ["max_wal_size"] = "4GB",
                },
            },
            NullLogger.Instance,
            ct));
        try
        {
            await SchemaMigrator.MigrateAsync(server.ConnectionString, NullLogger.Instance, ct);
            await server.FillAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A grant of a random client for a random resource.</summary>
    public AuthorizationRow Row()
    {
        var (client, resource) = (Random.Shared.Next(Clients), Random.Shared.Next(Resources));
        return new(
            Guid.CreateVersion7(),
            _account,
            _clients[client],
            _gateways[Random.Shared.Next(Gateways)],
            _resources[resource],
            _policies[resource],
            _memberships[client],
            _tokens[client],
            "198.51.100.7",
            "Debian/12 headless-client/1.5.7",
            "203.0.113.9",
            TimeProvider.System.GetUtcNow().AddHours(1),
            1,
            1,
            false,
            1);
    }

    /// <summary>Before a measurement: no rows, nothing to write back, counters at zero.</summary>
    public async Task TidyAsync()
    {
        await ExecuteAsync("truncate policy_authorizations");
        await ExecuteAsync("vacuum analyze");
        await ExecuteAsync("checkpoint");
        await ExecuteAsync("select pg_stat_statements_reset()");
    }

    /// <summary>Rows stored, statements that stored them, and the server's time in these.</summary>
    public async Task<(long Rows, long Statements, double Milliseconds)> StoredAsync()
    {
        await using var command = _database.CreateCommand(
            """
            select (select count(*) from policy_authorizations), coalesce(sum(calls), 0)::bigint, coalesce(sum(total_exec_time), 0)
            from pg_stat_statements where query like 'with p as materialized%'
            """);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetDouble(2));
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        await _server.DisposeAsync();
        Directory.Delete(_server.DataDirectory, recursive: true);
    }

    private async Task FillAsync()
    {
        await ExecuteAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, Account, Clients, Resources, Gateways));
        _account = (await IdsAsync("md5('account')::uuid", 1))[0];
        _clients = await IdsAsync("md5('c' || n)::uuid", Clients);
        _tokens = await IdsAsync("md5('t' || n)::uuid", Clients);
        _memberships = await IdsAsync("md5('m' || n)::uuid", Clients);
        _resources = await IdsAsync("md5('r' || n)::uuid", Resources);
        _policies = await IdsAsync("md5('p' || n)::uuid", Resources);
        _gateways = await IdsAsync("md5('g' || n)::uuid", Gateways);
    }

    private async Task<Guid[]> IdsAsync(string id, int count)
    {
        await using var command = _database.CreateCommand($"select array_agg({id} order by n) from generate_series(1, {count}) n");
        return (Guid[])(await command.ExecuteScalarAsync())!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }
}
