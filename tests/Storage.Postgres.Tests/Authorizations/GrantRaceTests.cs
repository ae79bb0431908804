using System.Data;
using System.Globalization;
using Firezone.Shared;
using Firezone.Storage.Postgres.Authorizations;
using Firezone.Storage.Postgres.Batching;
using Npgsql;
using Xunit.Abstractions;

namespace Firezone.Storage.Postgres.Tests.Authorizations;

public sealed class GrantRaceTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private GrantFixture _grants = null!;

    public async Task InitializeAsync() => _grants = await GrantFixture.CreateAsync(postgres);

    public async Task DisposeAsync() => await _grants.DisposeAsync();

    [Fact]
    public async Task A_grant_must_name_the_revisions_that_are_in_force()
    {
        await postgres.ExecuteAsync("update policies set conditions = '[{}]' where id = $1", _grants.Account.Policy);
        await postgres.ExecuteAsync("update resources set address = 'x' where id = $1", _grants.Account.Resource);
        var good = _grants.Row() with { PolicyRevision = 2, ResourceRevision = 2 };
        foreach (var bad in new[]
        {
            good with { PolicyRevision = 1 },
            good with { PolicyRevision = 3 },
            good with { ResourceRevision = 1 },
            good with { ResourceRevision = 3 },
            good with { ClientVerified = true },
            good with { ResourceId = Guid.NewGuid() },
            good with { PolicyId = Guid.NewGuid() },
            good with { TokenId = Guid.NewGuid() },
        })
            await Assert.ThrowsAsync<WriteRejectedException>(() => _grants.AddAsync(bad));
        Assert.Empty((await _grants.LoadAsync()).Rows);

        await _grants.AddAsync(good);
        await postgres.ExecuteAsync("update clients set verified_at = clock_timestamp() where id = $1", _grants.Client.ClientId);
        await _grants.AddAsync(good with { Id = Guid.NewGuid(), ClientVerified = true });
        Assert.Equal(2, (await _grants.LoadAsync()).Rows.Length);
    }

    [Theory]
    [InlineData("update policies set conditions = '[{}]' where account_id = $1")]
    [InlineData("update policies set disabled_at = clock_timestamp() where account_id = $1")]
    [InlineData("delete from policies where account_id = $1")]
    [InlineData("update resources set address = 'x' where account_id = $1")]
    [InlineData("update resources set site_id = null where account_id = $1")]
    [InlineData("update clients set verified_at = null where account_id = $1")]
    [InlineData("delete from client_tokens where account_id = $1")]
    [InlineData("delete from memberships where account_id = $1")]
    [InlineData("update actors set disabled_at = clock_timestamp() where account_id = $1")]
    [InlineData("update accounts set disabled_at = clock_timestamp() where id = $1")]
    [InlineData("delete from accounts where id = $1")]
    public async Task A_grant_that_meets_a_change_under_way_is_refused(string change)
    {
        await postgres.ExecuteAsync("update clients set verified_at = clock_timestamp() where id = $1", _grants.Client.ClientId);
        var changing = await _grants.BeginAsync(change, _grants.Account.Id);
        var add = _grants.AddAsync(_grants.Row() with { ClientVerified = true });
        await _grants.UntilBlockedAsync(add);
        await GrantFixture.CommitAsync(changing);
        await Assert.ThrowsAsync<WriteRejectedException>(() => add);
        Assert.Empty((await _grants.LoadAsync()).Rows);
    }

    [Theory]
    [InlineData("delete from policies where account_id = $1", true)]
    [InlineData("delete from resources where account_id = $1", true)]
    [InlineData("delete from client_tokens where account_id = $1", true)]
    [InlineData("delete from clients where account_id = $1", true)]
    [InlineData("delete from clients where account_id = $1", false)]
    [InlineData("delete from gateways where account_id = $1", false)]
    public async Task A_lone_grant_that_meets_a_deletion_leaves_word_for_its_gateway(string deletion, bool verified)
    {
        await postgres.ExecuteAsync("update clients set verified_at = clock_timestamp() where id = $1", _grants.Client.ClientId);
        var deleting = await _grants.BeginAsync(deletion, _grants.Account.Id);
        var row = _grants.Row() with { ClientVerified = verified };
        var add = _grants.AddAsync(row);
        await _grants.UntilBlockedAsync(add);
        await GrantFixture.CommitAsync(deleting);
        await Assert.ThrowsAsync<WriteRejectedException>(() => add);
        Assert.Equal([new RevokedPair(row.ClientId, row.ResourceId)], (await _grants.LoadAsync()).Revoked);
    }

    [Fact]
    public async Task A_lone_grant_that_gives_up_waiting_leaves_word_for_its_gateway()
    {
        var changing = await _grants.BeginAsync("delete from client_tokens where account_id = $1", _grants.Account.Id);
        var row = _grants.Row();
        await Assert.ThrowsAsync<WriteRejectedException>(() => _grants.AddAsync(row));
        await GrantFixture.RollbackAsync(changing);
        Assert.Equal([new RevokedPair(row.ClientId, row.ResourceId)], (await _grants.LoadAsync()).Revoked);
    }

    [Theory]
    [InlineData("clients", "client_id")]
    [InlineData("gateways", "gateway_id")]
    [InlineData("resources", "resource_id")]
    [InlineData("policies", "policy_id")]
    [InlineData("memberships", "membership_id")]
    [InlineData("client_tokens", "token_id")]
    public async Task Whoever_inserts_a_grant_it_refers_to_rows_that_exist_and_goes_with_them(string table, string column)
    {
        await _grants.AddAsync(_grants.Row() with { MembershipId = _grants.Account.Membership });
        var copy = "insert into policy_authorizations select (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(), '{0}', {1}))).* "
            + "from policy_authorizations a where account_id = $1 limit 1";
        await postgres.ExecuteAsync(string.Format(CultureInfo.InvariantCulture, copy, column, column), _grants.Account.Id);
        var missing = await Assert.ThrowsAsync<PostgresException>(() => postgres.ExecuteAsync(
            string.Format(CultureInfo.InvariantCulture, copy, column, "gen_random_uuid()"), _grants.Account.Id));
        Assert.Equal((PostgresErrorCodes.ForeignKeyViolation, column), (missing.SqlState, missing.ColumnName));

        await using (var connection = await postgres.Database.Write.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead))
        {
            await using var blind = new NpgsqlCommand($"delete from {table} where account_id = $1", connection)
            {
                Parameters = { new() { Value = _grants.Account.Id } },
            };
            var refused = await Assert.ThrowsAsync<PostgresException>(() => blind.ExecuteNonQueryAsync());
            Assert.Contains("read committed", refused.Hint, StringComparison.Ordinal);
        }

        Assert.Equal(2L, await postgres.ScalarAsync<long>("select count(*) from policy_authorizations where account_id = $1", _grants.Account.Id));
        await postgres.ExecuteAsync($"delete from {table} where account_id = $1", _grants.Account.Id);
        Assert.Equal(0L, await postgres.ScalarAsync<long>("select count(*) from policy_authorizations where account_id = $1", _grants.Account.Id));
    }

    [Theory]
    [InlineData("update policies set conditions = '[{}]' where account_id = $1")]
    [InlineData("update policies set disabled_at = clock_timestamp() where account_id = $1")]
    [InlineData("delete from policies where account_id = $1")]
    [InlineData("update resources set address = 'x' where account_id = $1")]
    [InlineData("update clients set verified_at = null where account_id = $1")]
    [InlineData("update actors set disabled_at = clock_timestamp() where account_id = $1")]
    public async Task A_change_that_meets_a_grant_under_way_takes_it_back(string change)
    {
        await postgres.ExecuteAsync("update clients set verified_at = clock_timestamp() where id = $1", _grants.Client.ClientId);
        // The grant has locked policy, resource and client, and waits for its gateway while the change begins.
        var gateway = await _grants.BeginAsync("select from gateways where id = $1 for update", _grants.Gateway.GatewayId);
        var add = _grants.AddAsync(_grants.Row() with { ClientVerified = true });
        await _grants.UntilBlockedAsync(add);
        var changing = postgres.ExecuteAsync(change, _grants.Account.Id);
        await GrantFixture.RollbackAsync(gateway);
        await changing;
        // Either it was stored first and then revoked, or it came too late; the gateway is told in either case.
        var refused = await Record.ExceptionAsync(() => add);
        Assert.True(refused is null or WriteRejectedException);
        var read = await _grants.LoadAsync();
        Assert.Empty(read.Rows);
        Assert.Single(read.Revoked);
    }

    [Fact]
    public async Task Whatever_the_order_no_grant_of_an_older_revision_remains()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var (granted, refused) = (0, 0);
        long revision = 1;
        for (var round = 0; round < 40; round++)
        {
            var known = revision;
            var tasks = Enumerable.Range(0, 4).Select(_ => _grants.AddAsync(_grants.Row() with { PolicyRevision = known })).ToList();
            if (random.Next(2) == 0)
                await tasks[0];
            var update = postgres.ExecuteAsync(
                "update policies set conditions = jsonb_build_array($2::int) where id = $1", _grants.Account.Policy, round);
            tasks.Add(_grants.AddAsync(_grants.Row() with { PolicyRevision = known }));
            await update;
            revision++;
            foreach (var task in tasks)
            {
                if (await Record.ExceptionAsync(() => task) is null)
                    granted++;
                else
                    refused++;
            }
            Assert.Empty((await _grants.LoadAsync()).Rows);
        }
        Assert.Equal(200, granted + refused);
        Assert.True(granted >= 1);
        output.WriteLine($"granted {granted}, refused {refused}");
    }

    [Fact]
    public async Task A_policy_that_somebody_keeps_locked_stalls_only_its_own_grants()
    {
        var p = postgres.Provisioner;
        var resource = await p.CreateResourceAsync(_grants.Account.Id, _grants.Account.Site, "ip", "Printer", "10.0.0.9");
        var policy = await p.CreatePolicyAsync(_grants.Account.Group, resource);
        var open = await _grants.BeginAsync("update policies set description = 'x' where id = $1", policy);

        // Were the rows sorted out by waiting for each, the others would be given up long before.
        var printer = _grants.Row() with { ResourceId = resource, PolicyId = policy };
        var concerned = Enumerable.Range(0, 100).Select(_ => _grants.AddAsync(printer with { Id = Guid.NewGuid() })).ToArray();
        var unconcerned = Enumerable.Range(0, 100).Select(_ => _grants.AddAsync(_grants.Row())).ToArray();
        await Task.WhenAll(unconcerned);
        foreach (var task in concerned)
            await Assert.ThrowsAsync<WriteRejectedException>(() => task);
        await GrantFixture.RollbackAsync(open);

        await _grants.AddAsync(printer);
    }
}
