using Firezone.Shared;
using Firezone.Storage.Postgres.Accounts;
using Firezone.Storage.Postgres.Authorizations;
using Firezone.Storage.Postgres.Batching;
using Firezone.Storage.Postgres.Connecting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Firezone.Storage.Postgres.Tests.Authorizations;

public sealed class AuthorizationWriterTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private TestAccount _account = null!;
    private ClientRecord _client = null!;
    private GatewayRecord _gateway = null!;
    private AuthorizationWriter _writer = null!;
    private AuthorizationReader _reader = null!;

    public async Task InitializeAsync()
    {
        _account = await TestAccount.CreateAsync(postgres);
        await using (var connector = new Connector(postgres.Database))
        {
            _client = await connector.AdmitAsync(_account.ClientToken.Text, Connector.Laptop());
            _gateway = await connector.AdmitAsync(_account.GatewayToken.Text, Connector.Machine());
        }
        _writer = Writer(postgres.Database);
        _reader = new AuthorizationReader(postgres.Database);
    }

    public async Task DisposeAsync() => await _writer.DisposeAsync();

    [Fact]
    public async Task An_added_authorization_is_read_back_for_its_gateway()
    {
        var row = _account.Authorize(_client, _gateway);
        await _writer.AddAsync(row, None);
        var read = Assert.Single((await _reader.LoadForGatewayAsync(_gateway.GatewayId, None)).Rows);
        Assert.Equal(row.Id, read.Id);
        Assert.Equal((row.ClientId, row.ResourceId), (read.ClientId, read.ResourceId));
        Assert.True((row.ExpiresAt - read.ExpiresAt).Duration() < TimeSpan.FromMilliseconds(1));
        Assert.True(await _reader.ExistsAsync(row.Id, None));
        Assert.False(await _reader.ExistsAsync(Guid.NewGuid(), None));
    }

    [Fact]
    public async Task An_expired_authorization_is_stored_but_not_given_to_the_gateway()
    {
        var row = _account.Authorize(_client, _gateway) with { ExpiresAt = _client.Now - TimeSpan.FromSeconds(1) };
        await _writer.AddAsync(row, None);
        Assert.Empty((await _reader.LoadForGatewayAsync(_gateway.GatewayId, None)).Rows);
        Assert.True(await _reader.ExistsAsync(row.Id, None));
    }

    [Fact]
    public async Task A_thousand_concurrent_grants_are_a_handful_of_statements()
    {
        await postgres.ResetStatementsAsync();
        await using var writer = Unhurried();
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => writer.AddAsync(_account.Authorize(_client, _gateway), None)));
        Assert.Equal(1000, (await _reader.LoadForGatewayAsync(_gateway.GatewayId, None)).Rows.Length);
        var statements = await postgres.ScalarAsync<long>(
            """
            select sum(calls)::bigint from pg_stat_statements
            where dbid = (select oid from pg_database where datname = current_database()) and query ilike '%insert into policy_authorizations%'
                and query not ilike '%pg_stat_statements%'
            """);
        Assert.InRange(statements, 1, 20);
    }

    [Fact]
    public async Task Adding_the_same_authorization_again_changes_nothing()
    {
        var row = _account.Authorize(_client, _gateway);
        await _writer.AddAsync(row, None);
        await _writer.AddAsync(row, None);
        Assert.Single((await _reader.LoadForGatewayAsync(_gateway.GatewayId, None)).Rows);
    }

    [Fact]
    public async Task Of_rows_that_are_sent_again_only_those_that_were_refused_are_refused_again()
    {
        var stored = _account.Authorize(_client, _gateway);
        await _writer.AddAsync(stored, None);
        await using var writer = Unhurried();
        var again = writer.AddAsync(stored, None);
        var refused = writer.AddAsync(_account.Authorize(_client, _gateway) with { PolicyId = Guid.NewGuid() }, None);
        await again;
        await Assert.ThrowsAsync<WriteRejectedException>(() => refused);
        Assert.Single((await _reader.LoadForGatewayAsync(_gateway.GatewayId, None)).Rows);
    }

    [Theory]
    [InlineData("update policies set disabled_at = clock_timestamp() where id = $1")]
    [InlineData("delete from policies where id = $1")]
    [InlineData("update client_tokens set expires_at = clock_timestamp() where account_id = (select account_id from policies where id = $1)")]
    [InlineData("delete from client_tokens where account_id = (select account_id from policies where id = $1)")]
    [InlineData("update accounts set disabled_at = clock_timestamp() where id = (select account_id from policies where id = $1)")]
    public async Task A_grant_whose_basis_was_revoked_meanwhile_is_rejected(string revocation)
    {
        await postgres.ExecuteAsync(revocation, _account.Policy);
        var row = _account.Authorize(_client, _gateway);
        await Assert.ThrowsAsync<WriteRejectedException>(() => _writer.AddAsync(row, None));
        var read = await _reader.LoadForGatewayAsync(_gateway.GatewayId, None);
        Assert.Empty(read.Rows);
        // The gateway was asked to let it through meanwhile, and may be away when it is to be told that it must not.
        Assert.Equal([new RevokedPair(row.ClientId, row.ResourceId)], read.Revoked);
    }

    [Fact]
    public async Task Only_a_deletion_by_hand_of_what_has_not_expired_is_a_change_of_its_own()
    {
        var changes = new AccountChangeReader(postgres.Database);
        var (live, expired) = (_account.Authorize(_client, _gateway), _account.Authorize(_client, _gateway));
        await _writer.AddAsync(live, None);
        await _writer.AddAsync(expired with { ExpiresAt = _client.Now - TimeSpan.FromSeconds(1) }, None);
        var before = (await _reader.LoadForGatewayAsync(_gateway.GatewayId, None)).AccountVersion;

        await _writer.RemoveAsync(expired.Id, None);
        Assert.Empty((await changes.ReadSinceAsync(_account.Id, before, long.MaxValue, None))!.Changes);
        await _writer.RemoveAsync(live.Id, None);
        var read = (await changes.ReadSinceAsync(_account.Id, before, long.MaxValue, None))!;
        Assert.Equal(new AccountChange.AuthorizationRevoked(before + 1, _gateway.GatewayId), Assert.Single(read.Changes));

        await _writer.AddAsync(_account.Authorize(_client, _gateway), None);
        await postgres.ExecuteAsync("delete from clients where id = $1", _client.ClientId);
        Assert.Equal(new AccountChange.ClientRemoved(before + 2, _client.ClientId), (await changes.ReadSinceAsync(_account.Id, before + 1, long.MaxValue, None))!.Changes.Single());
    }

    [Fact]
    public async Task A_gateway_that_is_deleted_and_connects_anew_inherits_what_it_must_not_serve_any_more()
    {
        await using var connector = new Connector(postgres.Database);
        var former = await connector.AdmitAsync(_account.GatewayToken.Text, Connector.Machine("same"));
        var row = _account.Authorize(_client, former);
        await _writer.AddAsync(row, None);
        await postgres.ExecuteAsync("delete from gateways where id = $1", former.GatewayId);
        var anew = await connector.AdmitAsync(_account.GatewayToken.Text, Connector.Machine("same"));
        Assert.NotEqual(former.GatewayId, anew.GatewayId);
        Assert.Equal([new RevokedPair(row.ClientId, row.ResourceId)], (await _reader.LoadForGatewayAsync(anew.GatewayId, None)).Revoked);
    }

    [Fact]
    public async Task A_gateway_that_was_deleted_while_it_was_asked_leaves_the_refusal_to_the_one_that_follows_it()
    {
        await using var connector = new Connector(postgres.Database);
        var former = await connector.AdmitAsync(_account.GatewayToken.Text, Connector.Machine("asked"));
        await postgres.ExecuteAsync("delete from gateways where id = $1", former.GatewayId);
        var anew = await connector.AdmitAsync(_account.GatewayToken.Text, Connector.Machine("asked"));
        var version = (await _reader.LoadForGatewayAsync(anew.GatewayId, None)).AccountVersion;
        var row = _account.Authorize(_client, former);
        await Assert.ThrowsAsync<WriteRejectedException>(() => _writer.AddAsync(row, None));

        Assert.Equal([new RevokedPair(row.ClientId, row.ResourceId)], (await _reader.LoadForGatewayAsync(anew.GatewayId, None)).Revoked);
        // It may be connected already, and is told so.
        var changes = (await new AccountChangeReader(postgres.Database).ReadSinceAsync(_account.Id, version, version, None))!;
        Assert.Equal(new AccountChange.AuthorizationRevoked(version + 1, anew.GatewayId), Assert.Single(changes.Changes));
    }

    [Fact]
    public async Task A_grant_of_a_resource_that_was_altered_since_the_gateway_was_told_is_stale()
    {
        await postgres.ExecuteAsync("update resources set address = '10.97.0.0/16' where id = $1", _account.Resource);
        var row = _account.Authorize(_client, _gateway) with { ResourceRevision = 2 };
        await _writer.AddAsync(row, None);
        Assert.True(Assert.Single((await _reader.LoadForGatewayAsync(_gateway.GatewayId, None)).Rows).IsStale);
        await _writer.RemoveAsync(row.Id, None);
        await _writer.AddAsync(row with { Id = Guid.NewGuid(), ToldRevision = 2 }, None);
        var read = Assert.Single((await _reader.LoadForGatewayAsync(_gateway.GatewayId, None)).Rows);
        Assert.Equal((2, false), (read.ToldRevision, read.IsStale));
    }

    [Fact]
    public async Task A_grant_through_a_membership_that_leads_to_another_group_by_now_is_rejected()
    {
        var other = await postgres.Provisioner.CreateGroupAsync(_account.Id, "Other");
        var row = _account.Authorize(_client, _gateway) with { MembershipId = _account.Membership };
        await _writer.AddAsync(row, None);
        await postgres.ExecuteAsync("update memberships set group_id = $1 where id = $2", other, _account.Membership);
        await Assert.ThrowsAsync<WriteRejectedException>(() => _writer.AddAsync(row with { Id = Guid.NewGuid() }, None));
        Assert.False(await _reader.ExistsAsync(row.Id, None));
    }

    [Fact]
    public async Task Rows_with_a_broken_reference_are_rejected_alone()
    {
        await using var writer = Unhurried();
        var adds = Enumerable.Range(0, 200).Select(i =>
        {
            var row = _account.Authorize(_client, _gateway);
            return (Bad: i % 50 == 7, Task: writer.AddAsync(i % 50 == 7 ? row with { ClientId = Guid.NewGuid() } : row, None));
        }).ToArray();
        foreach (var (bad, task) in adds)
        {
            if (bad)
                await Assert.ThrowsAsync<WriteRejectedException>(() => task);
            else
                await task;
        }
        Assert.Equal(196, (await _reader.LoadForGatewayAsync(_gateway.GatewayId, None)).Rows.Length);
    }

    [Fact]
    public async Task An_open_deletion_stalls_only_the_rows_that_it_concerns()
    {
        var other = await postgres.Provisioner.CreateResourceAsync(_account.Id, _account.Site, "ip", "Printer", "10.0.0.9");
        await using var connection = await postgres.Database.Write.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var delete = new NpgsqlCommand("delete from resources where id = $1", connection) { Parameters = { new() { Value = other } } })
            await delete.ExecuteNonQueryAsync();

        var concerned = _writer.AddAsync(_account.Authorize(_client, _gateway) with { ResourceId = other }, None);
        var unconcerned = Enumerable.Range(0, 100).Select(_ => _writer.AddAsync(_account.Authorize(_client, _gateway), None)).ToArray();
        await Task.WhenAll(unconcerned);
        await Assert.ThrowsAsync<WriteRejectedException>(() => concerned);
        await transaction.RollbackAsync();
    }

    [Theory]
    [InlineData("update policies set disabled_at = clock_timestamp() where id = $1")]
    [InlineData("update policies set conditions = '[{}]' where id = $1")]
    [InlineData("update resources set address = 'other.example.com' where account_id = (select account_id from policies where id = $1)")]
    [InlineData("update resources set site_id = null where account_id = (select account_id from policies where id = $1)")]
    [InlineData("update clients set verified_at = null where account_id = (select account_id from policies where id = $1)")]
    [InlineData("update actors set disabled_at = clock_timestamp() where account_id = (select account_id from policies where id = $1)")]
    [InlineData("update accounts set disabled_at = clock_timestamp() where id = (select account_id from policies where id = $1)")]
    [InlineData("delete from memberships where account_id = (select account_id from policies where id = $1)")]
    [InlineData("delete from client_tokens where account_id = (select account_id from policies where id = $1)")]
    [InlineData("delete from sites where account_id = (select account_id from policies where id = $1)")]
    public async Task A_revocation_by_plain_sql_deletes_the_authorizations_it_concerns(string revocation)
    {
        await postgres.ExecuteAsync("update clients set verified_at = clock_timestamp() where id = $1", _client.ClientId);
        var row = _account.Authorize(_client, _gateway);
        await _writer.AddAsync(row, None);
        await postgres.ExecuteAsync(revocation, _account.Policy);
        Assert.False(await _reader.ExistsAsync(row.Id, None));
    }

    [Theory]
    [InlineData("update policies set description = 'new' where id = $1")]
    [InlineData("update resources set name = 'new', filters = '[]' where account_id = (select account_id from policies where id = $1)")]
    [InlineData("update clients set name = 'new' where account_id = (select account_id from policies where id = $1)")]
    public async Task Other_changes_leave_them(string change)
    {
        var row = _account.Authorize(_client, _gateway);
        await _writer.AddAsync(row, None);
        await postgres.ExecuteAsync(change, _account.Policy);
        Assert.True(await _reader.ExistsAsync(row.Id, None));
    }

    [Fact]
    public async Task A_primary_that_comes_back_within_the_wait_takes_the_row()
    {
        await using var proxy = new FaultProxy(new NpgsqlConnectionStringBuilder(postgres.ConnectionString).Port);
        await using var database = new Database(
            new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Port = proxy.Port }.ConnectionString);
        await using var writing = Writer(database);
        await writing.AddAsync(_account.Authorize(_client, _gateway), None);
        proxy.Refuse = true;
        proxy.CutAll();
        var add = writing.AddAsync(_account.Authorize(_client, _gateway), None);
        proxy.Refuse = false;
        await add;
        Assert.Equal(2, (await _reader.LoadForGatewayAsync(_gateway.GatewayId, None)).Rows.Length);
    }

    [Fact]
    public async Task A_primary_that_stays_away_fails_the_grant_after_five_seconds()
    {
        await using var proxy = new FaultProxy(new NpgsqlConnectionStringBuilder(postgres.ConnectionString).Port) { Refuse = true };
        await using var database = new Database(
            new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Port = proxy.Port }.ConnectionString);
        var time = new FakeTimeProvider();
        await using var writing = new AuthorizationWriter(database, time, NullLogger<AuthorizationWriter>.Instance, new StorageMetrics());
        var add = writing.AddAsync(_account.Authorize(_client, _gateway), None);
        Assert.False(add.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(5));
        await Assert.ThrowsAsync<WriteUnavailableException>(() => add);
    }

    [Fact]
    public async Task A_primary_that_falls_silent_holds_nobody_longer_and_the_writer_recovers()
    {
        await using var proxy = new FaultProxy(new NpgsqlConnectionStringBuilder(postgres.ConnectionString).Port);
        await using var database = new Database(
            new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Port = proxy.Port, Timeout = 2 }.ConnectionString);
        var time = new FakeTimeProvider();
        await using var writing = new AuthorizationWriter(database, time, NullLogger<AuthorizationWriter>.Instance, new StorageMetrics());
        await writing.AddAsync(_account.Authorize(_client, _gateway), None);
        proxy.SilenceAll();
        var lost = writing.AddAsync(_account.Authorize(_client, _gateway), None);
        time.Advance(TimeSpan.FromSeconds(5));
        await Assert.ThrowsAsync<WriteUnavailableException>(() => lost);

        var next = writing.AddAsync(_account.Authorize(_client, _gateway), None);
        using var watch = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!next.IsCompleted && await watch.WaitForNextTickAsync())
            time.Advance(TimeSpan.FromMilliseconds(20)); // its own wait is 5 s on this clock: 25 s of ours
        await next;
    }

    /// <summary>Its time stands still: a busy machine is no reason to give a row up.</summary>
    private AuthorizationWriter Unhurried() =>
        new(postgres.Database, new FakeTimeProvider(), NullLogger<AuthorizationWriter>.Instance, new StorageMetrics());

    private static AuthorizationWriter Writer(Database database) =>
        new(database, TimeProvider.System, NullLogger<AuthorizationWriter>.Instance, new StorageMetrics());
}
