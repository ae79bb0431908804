using Firezone.Shared;
using Firezone.Storage.Postgres.Authorizations;

namespace Firezone.Storage.Postgres.Tests.Authorizations;

public sealed class AuthorizationReaderTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private GrantFixture _grants = null!;

    public async Task InitializeAsync() => _grants = await GrantFixture.CreateAsync(postgres);

    public async Task DisposeAsync() => await _grants.DisposeAsync();

    [Fact]
    public async Task A_gateway_is_given_what_each_grant_rests_on_and_the_version_of_its_account()
    {
        var row = _grants.Row();
        await _grants.AddAsync(row);
        await _grants.AddAsync(row with { Id = Guid.NewGuid(), MembershipId = null });
        var read = await _grants.LoadAsync();
        Assert.Equal(6, read.AccountVersion);
        Assert.Equal(_grants.Gateway.AccountVersion, read.AccountVersion);
        Assert.Empty(read.Revoked);
        var first = read.Rows.Single(r => r.Id == row.Id);
        Assert.Equal((row.ClientId, row.ResourceId, row.PolicyId, row.MembershipId, row.TokenId),
            (first.ClientId, first.ResourceId, first.PolicyId, first.MembershipId, first.TokenId));
        Assert.Null(read.Rows.Single(r => r.Id != row.Id).MembershipId);
    }

    [Fact]
    public async Task A_pair_is_revoked_when_an_authorization_of_it_goes_before_its_time()
    {
        var (first, second) = (_grants.Row(), _grants.Row() with { ExpiresAt = _grants.Client.Now + TimeSpan.FromHours(2) });
        await _grants.AddAsync(first);
        await _grants.AddAsync(second);
        await _grants.Writer.RemoveAsync(second.Id, None);
        var read = await _grants.LoadAsync();
        Assert.Equal([first.Id], read.Rows.Select(r => r.Id));
        Assert.Equal([new RevokedPair(first.ClientId, first.ResourceId)], read.Revoked);

        await _grants.Writer.RemoveAsync(first.Id, None);
        await _grants.Writer.RemoveAsync(first.Id, None); // is gone: nothing happens
        read = await _grants.LoadAsync();
        Assert.Empty(read.Rows);
        Assert.Equal([new RevokedPair(first.ClientId, first.ResourceId)], read.Revoked);
        // The later of both expiries: a gateway may know the one or the other.
        var until = await postgres.ScalarAsync<DateTime>("select expires_at from revoked_authorizations where gateway_id = $1", first.GatewayId);
        Assert.True((second.ExpiresAt - until).Duration() < TimeSpan.FromMilliseconds(1));
    }

    [Theory]
    [InlineData("delete from memberships where account_id = $1", 1)]
    [InlineData("update memberships set actor_id = (select id from actors where name = 'other' and account_id = $1) where account_id = $1", 1)]
    [InlineData("update policies set disabled_at = clock_timestamp() where account_id = $1", 1)]
    [InlineData("delete from policies where account_id = $1", 1)]
    [InlineData("delete from groups where account_id = $1", 1)]
    [InlineData("delete from resources where account_id = $1", 1)]
    [InlineData("update resources set address = 'x' where account_id = $1", 1)]
    [InlineData("delete from clients where account_id = $1", 1)]
    [InlineData("delete from client_tokens where account_id = $1", 1)]
    [InlineData("delete from actors where account_id = $1", 1)]
    [InlineData("update accounts set disabled_at = clock_timestamp() where id = $1", 1)]
    [InlineData("delete from sites where account_id = $1", 0)] // nobody is left to be told
    [InlineData("delete from accounts where id = $1", 0)]
    public async Task Whatever_takes_a_grant_back_leaves_a_tombstone_for_its_gateway(string change, int tombstones)
    {
        await postgres.Provisioner.CreateActorAsync(_grants.Account.Id, "account_user", "other");
        await _grants.AddAsync(_grants.Row());
        await postgres.ExecuteAsync(change, _grants.Account.Id);
        var read = await _grants.LoadAsync();
        Assert.Empty(read.Rows);
        Assert.Equal(tombstones, read.Revoked.Length);
        Assert.Equal(tombstones == 0, read.AccountVersion == 0);
        Assert.Equal(
            (long)tombstones,
            await postgres.ScalarAsync<long>("select count(*) from revoked_authorizations where gateway_id = $1", _grants.Gateway.GatewayId));
    }

    [Fact]
    public async Task An_expired_authorization_leaves_none()
    {
        var row = _grants.Row() with { ExpiresAt = _grants.Client.Now - TimeSpan.FromSeconds(1) };
        await _grants.AddAsync(row);
        await _grants.Writer.RemoveAsync(row.Id, None);
        Assert.Empty((await _grants.LoadAsync()).Revoked);
    }

    [Fact]
    public async Task Subjects_are_the_clients_whose_credentials_are_good()
    {
        var account = _grants.Account;
        var other = await GrantFixture.CreateAsync(postgres);
        await other.DisposeAsync();
        var provider = Guid.NewGuid();
        var second = await postgres.Provisioner.IssueClientTokenAsync(account.Actor, DateTimeOffset.MaxValue.AddYears(-7000), "", provider);
        var expired = await postgres.Provisioner.IssueClientTokenAsync(account.Actor, DateTimeOffset.UnixEpoch);
        var client = _grants.Client.ClientId;
        await postgres.ExecuteAsync("update clients set verified_at = clock_timestamp() where id = $1", client);

        var subjects = await _grants.Reader.LoadSubjectsAsync(
            [
                (client, second.Id),
                (client, second.Id),
                (client, account.ClientToken.Id),
                (client, expired.Id),
                (client, other.Account.ClientToken.Id), // of another actor
                (client, Guid.NewGuid()),
                (Guid.NewGuid(), second.Id),
                (other.Client.ClientId, other.Account.ClientToken.Id),
            ],
            None);

        Assert.Equal(3, subjects.Length);
        Assert.Contains(
            new RenewalSubject(
                client, second.Id, account.Actor, "account_user", "DE", "198.51.100.7", "Debian/12 headless-client/1.5.7", provider, true,
                DateTimeOffset.MaxValue.AddYears(-7000).AddTicks(-9)),
            subjects.Select(s => s.TokenId == second.Id ? s with { TokenExpiresAt = DateTimeOffset.MaxValue.AddYears(-7000).AddTicks(-9) } : s));
        Assert.Contains(subjects, s => s.TokenId == account.ClientToken.Id && s.AuthProviderId is null);
        Assert.Contains(subjects, s => s.ClientId == other.Client.ClientId && !s.Verified);

        await postgres.ExecuteAsync("update actors set type = 'api_client' where id = $1", account.Actor);
        Assert.Empty(await _grants.Reader.LoadSubjectsAsync([(client, second.Id)], None));
        Assert.Empty(await _grants.Reader.LoadSubjectsAsync([], None));
    }
}
