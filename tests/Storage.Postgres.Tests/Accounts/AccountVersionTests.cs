using Firezone.Shared;
using Npgsql;

namespace Firezone.Storage.Postgres.Tests.Accounts;

public sealed class AccountVersionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private TestAccount _account = null!;
    private NpgsqlConnection _listener = null!;
    private readonly List<string> _heard = [];

    public async Task InitializeAsync()
    {
        _account = await TestAccount.CreateAsync(postgres);
        _listener = new NpgsqlConnection(postgres.ConnectionString + ";Pooling=false");
        await _listener.OpenAsync();
        _listener.Notification += (_, e) => _heard.Add(e.Payload);
        await using var listen = new NpgsqlCommand("listen firezone_accounts", _listener);
        await listen.ExecuteNonQueryAsync();
    }

    public async Task DisposeAsync() => await _listener.DisposeAsync();

    [Theory]
    [InlineData("insert into sites (account_id, name) values ($1, 'Berlin')")]
    [InlineData("update sites set name = 'Berlin' where account_id = $1")]
    [InlineData("delete from sites where account_id = $1")]
    [InlineData("update resources set filters = '[{\"protocol\": \"icmp\"}]' where account_id = $1")]
    [InlineData("delete from resources where account_id = $1")]
    [InlineData("insert into groups (account_id, name) values ($1, 'a'), ($1, 'b')")]
    [InlineData("delete from groups where account_id = $1")]
    [InlineData("delete from memberships where account_id = $1")]
    [InlineData("update policies set disabled_at = clock_timestamp() where account_id = $1")]
    [InlineData("delete from policies where account_id = $1")]
    [InlineData("delete from actors where account_id = $1")]
    [InlineData("update accounts set slug = slug || '-new' where id = $1")]
    [InlineData("update accounts set config = '{\"search_domain\": \"x\"}' where id = $1")]
    [InlineData("update accounts set disabled_at = clock_timestamp() where id = $1")]
    [InlineData("update actors set disabled_at = clock_timestamp() where account_id = $1")]
    [InlineData("delete from client_tokens where account_id = $1")]
    [InlineData("delete from gateway_tokens where account_id = $1")]
    [InlineData("with s as (insert into sites (account_id, name) values ($1, 'x')), g as (insert into groups (account_id, name) values ($1, 'x')) "
        + "update policies set description = 'x' where account_id = $1")]
    public async Task A_change_of_configuration_raises_the_version_once_and_notifies_once(string change)
    {
        var before = await VersionAsync();
        await postgres.ExecuteAsync(change, _account.Id);
        Assert.Equal(before + 1, await VersionAsync());
        Assert.Equal([$"{_account.Id}:{before + 1}"], await HeardAsync());
    }

    [Theory]
    [InlineData("update sites set name = 'Berlin' where account_id = $1 and false")]
    [InlineData("update accounts set users_limit_exceeded = true, name = 'new' where id = $1")]
    [InlineData("update accounts set slug = slug, config = config where id = $1")]
    [InlineData("update actors set name = 'new' where account_id = $1")]
    [InlineData("update sites set name = name where account_id = $1")]
    [InlineData("update groups set managed_by = 'idp' where account_id = $1")]
    [InlineData("update client_tokens set last_seen_at = clock_timestamp() where account_id = $1")]
    [InlineData("delete from clients where account_id = $1")]
    public async Task Other_changes_raise_nothing(string change)
    {
        var before = await VersionAsync();
        await postgres.ExecuteAsync(change, _account.Id);
        Assert.Equal(before, await VersionAsync());
        Assert.Empty(await HeardAsync());
    }

    [Fact]
    public async Task Many_statements_of_one_transaction_raise_the_version_once_and_a_rollback_raises_nothing()
    {
        var before = await VersionAsync();
        const string Three = "insert into sites (account_id, name) values (A, 'x'); update sites set name = name || '!' where account_id = A; "
            + "update accounts set slug = slug || '-x' where id = A;";
        var sql = Three.Replace("A", $"'{_account.Id}'", StringComparison.Ordinal);
        await postgres.ExecuteAsync("begin; " + sql + "rollback");
        Assert.Equal(before, await VersionAsync());
        await postgres.ExecuteAsync("begin; " + sql + "commit");
        Assert.Equal(before + 1, await VersionAsync());
        Assert.Equal([$"{_account.Id}:{before + 1}"], await HeardAsync());
    }

    [Fact]
    public async Task A_change_rolled_back_to_a_savepoint_does_not_use_up_the_one_that_follows()
    {
        var before = await VersionAsync();
        await postgres.ExecuteAsync(
            $"""
            begin;
            savepoint s; insert into sites (account_id, name) values ('{_account.Id}', 'x'); rollback to s;
            insert into sites (account_id, name) values ('{_account.Id}', 'y');
            commit
            """);
        Assert.Equal(before + 1, await VersionAsync());
        Assert.Equal([$"{_account.Id}:{before + 1}"], await HeardAsync());
    }

    [Fact]
    public async Task Deleting_an_account_is_notified()
    {
        var before = await VersionAsync();
        await postgres.ExecuteAsync("delete from accounts where id = $1", _account.Id);
        Assert.Equal([$"{_account.Id}:{before + 1}"], await HeardAsync());
    }

    [Fact]
    public async Task A_change_of_several_accounts_is_notified_for_each()
    {
        var other = await TestAccount.CreateAsync(postgres);
        await HeardAsync();
        _heard.Clear();
        await postgres.ExecuteAsync($"update sites set name = 'Same' where account_id in ('{_account.Id}', '{other.Id}')");
        Assert.Equal(2, (await HeardAsync()).Select(h => h[..36]).Distinct().Count());
    }

    [Fact]
    public async Task Concurrent_changes_lose_no_version()
    {
        var before = await VersionAsync();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => postgres.Provisioner.CreateSiteAsync(_account.Id, $"site {i}")));
        Assert.Equal(before + 50, await VersionAsync());
        Assert.Equal(50, (await HeardAsync()).Distinct().Count());
    }

    [Fact]
    public async Task Connects_and_grants_do_not_touch_the_version()
    {
        var before = await VersionAsync();
        await using (var connector = new Connector(postgres.Database))
        {
            await connector.AdmitAsync(_account.ClientToken.Text, Connector.Laptop("device"));
            await connector.AdmitAsync(_account.ClientToken.Text, Connector.Laptop("device"));
            await connector.AdmitAsync(_account.GatewayToken.Text, Connector.Machine());
        }
        Assert.Equal(before, await VersionAsync());
        Assert.Empty(await HeardAsync());
    }

    private Task<long> VersionAsync() => postgres.ScalarAsync<long>("select version from accounts where id = $1", _account.Id);

    // Notifications of committed transactions are delivered before the answer to a later query.
    private async Task<List<string>> HeardAsync()
    {
        await using var query = new NpgsqlCommand("select 1", _listener);
        await query.ExecuteNonQueryAsync();
        await query.ExecuteNonQueryAsync();
        return _heard;
    }
}
