using Firezone.Shared;
using Firezone.Storage.Postgres.Accounts;
using Npgsql;
using static Firezone.Storage.Postgres.Accounts.AccountChange;

namespace Firezone.Storage.Postgres.Tests.Accounts;

public sealed class AccountChangeReaderTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly AccountChangeReader _reader = new(postgres.Database);
    private TestAccount _account = null!;
    private long _version;

    public async Task InitializeAsync()
    {
        _account = await TestAccount.CreateAsync(postgres);
        _version = await VersionAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task All_that_led_to_an_account_can_be_read_from_its_creation_on()
    {
        var data = (await new AccountReader(postgres.Database).LoadAsync(_account.Id, None))!;
        var read = (await _reader.ReadSinceAsync(_account.Id, 0, long.MaxValue, None))!;
        Assert.Equal(_version, read.Version);
        Assert.Equal(Enumerable.Range(1, 6).Select(v => (long)v), read.Changes.Select(c => c.Version));
        Assert.Equal(data.Slug, Assert.IsType<AccountUpdated>(read.Changes[0]).Slug);
        Assert.Equal(new GroupPut(2, data.Groups[0]), read.Changes[1]);
        Assert.Equal(new SitePut(3, data.Sites[0]), read.Changes[2]);
        Assert.Equivalent(new ResourcePut(4, data.Resources[0]), read.Changes[3], strict: true);
        Assert.Equal(new MembershipPut(5, data.Memberships[0]), read.Changes[4]);
        Assert.Equivalent(new PolicyPut(6, data.Policies[0]), read.Changes[5], strict: true);
    }

    [Fact]
    public async Task Nothing_newer_is_empty()
    {
        var read = (await _reader.ReadSinceAsync(_account.Id, _version, long.MaxValue, None))!;
        Assert.Equal(_version, read.Version);
        Assert.Empty(read.Changes);
    }

    [Fact]
    public async Task A_transaction_has_one_version_and_its_changes_keep_their_order()
    {
        await postgres.ExecuteAsync(
            $$"""
            begin;
            update accounts set config = '{"search_domain": "corp"}' where id = '{{_account.Id}}';
            update policies set conditions = '[{"property": "remote_ip", "operator": "is_in_cidr", "values": ["10.0.0.0/8"]}]'
                where id = '{{_account.Policy}}';
            update resources set site_id = null, filters = '[{"protocol": "tcp", "ports": ["443"]}]' where id = '{{_account.Resource}}';
            update groups set name = 'Staff' where id = '{{_account.Group}}';
            delete from sites where id = '{{_account.Site}}';
            commit
            """);
        var changes = await ChangesAsync(_version + 1);
        Assert.Equal(6, changes.Count); // the site's token is removed too
        Assert.Equal("corp", Assert.IsType<AccountUpdated>(changes[0]).Config.SearchDomain);
        var policy = Assert.IsType<PolicyPut>(changes[1]).Row;
        Assert.Equal(("10.0.0.0/8", 2L), (policy.Conditions.Single().Values.Single(), policy.Revision));
        var resource = Assert.IsType<ResourcePut>(changes[2]).Row;
        Assert.Equal((null, "443", 2L), (resource.SiteId, resource.Filters.Single().Ports.Single(), resource.Revision));
        Assert.Equal("Staff", Assert.IsType<GroupPut>(changes[3]).Row.Name);
        Assert.Contains(changes, c => c == new SiteRemoved(_version + 1, _account.Site));
        Assert.Contains(changes, c => c == new GatewayTokenRemoved(_version + 1, _account.GatewayToken.Id));
    }

    [Fact]
    public async Task A_disabled_policy_is_a_removed_one_until_it_is_enabled_again()
    {
        await postgres.ExecuteAsync("update policies set disabled_at = clock_timestamp() where id = $1", _account.Policy);
        await postgres.ExecuteAsync("update policies set description = 'still off' where id = $1", _account.Policy);
        await postgres.ExecuteAsync("update policies set disabled_at = null where id = $1", _account.Policy);
        var changes = await ChangesAsync(_version + 3);
        Assert.Equal(new PolicyRemoved(_version + 1, _account.Policy), changes[0]);
        Assert.Equal(new PolicyRemoved(_version + 2, _account.Policy), changes[1]);
        Assert.Equal(3, Assert.IsType<PolicyPut>(changes[2]).Row.Revision);
    }

    [Theory]
    [InlineData("update policies set description = 'x' where account_id = $1", 1, 1)]
    [InlineData("update policies set disabled_at = clock_timestamp() where account_id = $1", 2, 1)]
    [InlineData("update policies set conditions = '[{}]' where account_id = $1", 2, 1)]
    [InlineData("update resources set name = 'x', address_description = 'x', filters = '[{}]' where account_id = $1", 1, 1)]
    [InlineData("update resources set address = 'x' where account_id = $1", 1, 2)]
    [InlineData("update resources set ip_stack = 'ipv4_only' where account_id = $1", 1, 2)]
    [InlineData("update resources set site_id = null where account_id = $1", 1, 2)]
    [InlineData("update resources set type = 'ip', ip_stack = null where account_id = $1", 1, 2)]
    public async Task A_revision_rises_when_grants_are_taken_back(string change, long policy, long resource)
    {
        await postgres.ExecuteAsync(change, _account.Id);
        Assert.Equal(policy, await postgres.ScalarAsync<long>("select revision from policies where id = $1", _account.Policy));
        Assert.Equal(resource, await postgres.ScalarAsync<long>("select revision from resources where id = $1", _account.Resource));
    }

    [Fact]
    public async Task A_rewritten_membership_is_removed_and_put()
    {
        var other = await postgres.Provisioner.CreateActorAsync(_account.Id, "account_user", "Grace");
        await postgres.ExecuteAsync("update memberships set actor_id = $2 where id = $1", _account.Membership, other);
        await postgres.ExecuteAsync("delete from memberships where id = $1", _account.Membership);
        Assert.Equal<AccountChange>(
            [
                new MembershipRemoved(_version + 1, new(_account.Membership, _account.Group, _account.Actor)),
                new MembershipPut(_version + 1, new(_account.Membership, _account.Group, other)),
                new MembershipRemoved(_version + 2, new(_account.Membership, _account.Group, other)),
            ],
            await ChangesAsync(_version + 2));
    }

    [Fact]
    public async Task Devices_and_tokens_are_recorded_when_they_go_and_verification_when_it_changes()
    {
        var (client, gateway) = await ConnectAsync();
        await postgres.ExecuteAsync("update clients set verified_at = clock_timestamp() where id = $1", client);
        await postgres.ExecuteAsync("update clients set verified_at = clock_timestamp(), name = 'new' where id = $1", client);
        await postgres.ExecuteAsync("update clients set verified_at = null where id = $1", client);
        await postgres.ExecuteAsync("delete from clients where id = $1", client);
        await postgres.ExecuteAsync("delete from gateways where id = $1", gateway);
        await postgres.ExecuteAsync("delete from client_tokens where id = $1", _account.ClientToken.Id);
        await postgres.ExecuteAsync("delete from gateway_tokens where id = $1", _account.GatewayToken.Id);
        Assert.Equal<AccountChange>(
            [
                new ClientVerification(_version + 1, client, true),
                new ClientVerification(_version + 2, client, false),
                new ClientRemoved(_version + 3, client),
                new GatewayRemoved(_version + 4, gateway),
                new ClientTokenRemoved(_version + 5, _account.ClientToken.Id),
                new GatewayTokenRemoved(_version + 6, _account.GatewayToken.Id),
            ],
            await ChangesAsync(_version + 6));
    }

    [Theory]
    [InlineData("update accounts set disabled_at = clock_timestamp() where id = $1")]
    [InlineData("update actors set disabled_at = clock_timestamp() where account_id = $1")]
    [InlineData("delete from actors where account_id = $1")]
    public async Task Tokens_that_go_with_their_actor_or_account_are_of_the_same_version(string change)
    {
        await postgres.ExecuteAsync(change, _account.Id);
        Assert.Contains(new ClientTokenRemoved(_version + 1, _account.ClientToken.Id), await ChangesAsync(_version + 1));
    }

    [Fact]
    public async Task What_the_deletion_of_a_site_takes_along_is_recorded_in_one_version()
    {
        var (_, gateway) = await ConnectAsync();
        await postgres.ExecuteAsync("delete from sites where id = $1", _account.Site);
        var v = _version + 1;
        Assert.Equivalent(
            new AccountChange[]
            {
                new SiteRemoved(v, _account.Site),
                new ResourceRemoved(v, _account.Resource),
                new PolicyRemoved(v, _account.Policy),
                new GatewayRemoved(v, gateway),
                new GatewayTokenRemoved(v, _account.GatewayToken.Id),
            },
            await ChangesAsync(v),
            strict: true);
    }

    [Fact]
    public async Task A_row_that_moves_to_another_account_goes_here_and_comes_there()
    {
        var other = await TestAccount.CreateAsync(postgres);
        var site = await postgres.Provisioner.CreateSiteAsync(_account.Id, "Berlin");
        var there = await postgres.ScalarAsync<long>("select version from accounts where id = $1", other.Id);
        await postgres.ExecuteAsync("update sites set account_id = $2 where id = $1", site, other.Id);
        Assert.Equal(new SiteRemoved(_version + 2, site), (await ChangesAsync(_version + 2))[1]);
        var read = (await _reader.ReadSinceAsync(other.Id, there, long.MaxValue, None))!;
        Assert.Equal([new SitePut(there + 1, new(site, "Berlin"))], read.Changes);
    }

    [Theory]
    [InlineData("delete from account_changes where account_id = $1 and version = $2 + 1")] // the oldest
    [InlineData("delete from account_changes where account_id = $1 and version = $2 + 2")] // one in the middle
    [InlineData("delete from account_changes where account_id = $1 and version = $2 + 3")] // the newest
    [InlineData("update accounts set version = version - 4 where id = $1 and version > $2")] // another life of the database
    [InlineData("delete from accounts where id = $1 and $2 > 0")]
    public async Task Where_something_is_missing_the_account_must_be_read_whole(string damage)
    {
        for (var i = 0; i < 3; i++)
            await postgres.Provisioner.CreateSiteAsync(_account.Id, $"site {i}");
        Assert.Equal(3, (await ChangesAsync(_version + 3)).Count);
        await postgres.ExecuteAsync(damage, _account.Id, _version);
        Assert.Null(await _reader.ReadSinceAsync(_account.Id, _version, long.MaxValue, None));
    }

    [Fact]
    public async Task An_account_that_is_put_back_is_another_one_with_later_versions()
    {
        await postgres.ExecuteAsync("delete from accounts where id = $1", _account.Id);
        await postgres.ExecuteAsync("insert into accounts (id, slug, name) values ($1, $2, 'back')", _account.Id, $"back-{_account.Id}");
        Assert.Equal(_version + 2, await VersionAsync());
        Assert.Null(await _reader.ReadSinceAsync(_account.Id, _version, long.MaxValue, None));
        Assert.Single((await _reader.ReadSinceAsync(_account.Id, _version + 1, long.MaxValue, None))!.Changes);
    }

    [Fact]
    public async Task Accounts_that_one_transaction_creates_with_all_in_them_are_of_one_version()
    {
        var id = Guid.NewGuid();
        await postgres.ExecuteAsync(
            $"""
            begin;
            insert into accounts (id, slug, name, version_xact) values ('{id}', 'whole-{id}', 'x', '0');
            insert into sites (account_id, name) values ('{id}', 'Berlin');
            commit
            """);
        var read = (await _reader.ReadSinceAsync(id, 0, long.MaxValue, None))!;
        Assert.Equal(1, read.Version);
        Assert.Equal([typeof(AccountUpdated), typeof(SitePut)], read.Changes.Select(c => c.GetType()));
    }

    [Fact]
    public async Task A_hundred_thousand_memberships_in_one_transaction_are_one_version_and_one_read_unless_that_is_more_than_is_read_by_rows()
    {
        await using var connection = await postgres.Database.Write.OpenConnectionAsync();
        // One row first: what the session then knows of the triggers' statements must not make the large ones slow.
        await ExecuteAsync(connection, "update memberships set created_at = created_at, id = id where account_id = $1");
        await ExecuteAsync(connection, "insert into actors (account_id, type, name) select $1, 'account_user', 'x' from generate_series(1, 1000)");
        await ExecuteAsync(connection, "insert into groups (account_id, name) select $1, 'x' from generate_series(1, 100)");
        await ExecuteAsync(
            connection,
            """
            insert into memberships (account_id, group_id, actor_id)
            select $1, g.id, a.id from groups g join actors a on a.account_id = $1 and a.name = 'x' where g.account_id = $1 and g.name = 'x'
            """);
        Assert.Equal(_version + 2, await VersionAsync());
        Assert.Equal(
            100_000L,
            await postgres.ScalarAsync<long>(
                "select count(*) from account_changes where account_id = $1 and version = $2", _account.Id, _version + 2));
        Assert.Equal(100_000, (await _reader.ReadSinceAsync(_account.Id, _version + 1, long.MaxValue, None))!.Changes.Count);
        var less = new AccountChangeReader(postgres.Database) { MaxRows = 50_000 };
        Assert.Null(await less.ReadSinceAsync(_account.Id, _version, long.MaxValue, None));
        Assert.Null(await less.ReadSinceAsync(_account.Id, _version + 1, long.MaxValue, None));

        // The old and the new rows of a large update find each other.
        await ExecuteAsync(
            connection,
            """
            with g as (insert into groups (account_id, name) select $1, 'y' from generate_series(1, 3) returning id)
            update memberships m set group_id = g.id
            from (select id, row_number() over () as i from g) g, (select a.id, 1 + (row_number() over ()) % 3 as i from memberships a
                where a.account_id = $1 and a.group_id = (select id from groups where account_id = $1 and name = 'x' limit 1)) o
            where m.id = o.id and g.i = o.i
            """);
        Assert.Equal(3 + 1_000 + 1_000, (await _reader.ReadSinceAsync(_account.Id, _version + 2, long.MaxValue, None))!.Changes.Count);
    }

    private async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = _account.Id } }, CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }

    private async Task<(Guid Client, Guid Gateway)> ConnectAsync()
    {
        await using var connector = new Connector(postgres.Database);
        var client = await connector.AdmitAsync(_account.ClientToken.Text, Connector.Laptop());
        var gateway = await connector.AdmitAsync(_account.GatewayToken.Text, Connector.Machine());
        Assert.Equal((_version, _version), (client.AccountVersion, gateway.AccountVersion));
        return (client.ClientId, gateway.GatewayId);
    }

    private Task<long> VersionAsync() => postgres.ScalarAsync<long>("select version from accounts where id = $1", _account.Id);

    private async Task<IReadOnlyList<AccountChange>> ChangesAsync(long upTo)
    {
        var read = (await _reader.ReadSinceAsync(_account.Id, _version, long.MaxValue, None))!;
        Assert.Equal(upTo, read.Version);
        return read.Changes;
    }
}
