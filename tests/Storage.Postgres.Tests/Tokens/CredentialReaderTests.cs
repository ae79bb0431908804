using Firezone.Shared;
using Firezone.Storage.Postgres.Tokens;

namespace Firezone.Storage.Postgres.Tests.Tokens;

public sealed class CredentialReaderTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly CredentialCheck Good = new(CredentialState.Valid, false);
    private static readonly CredentialCheck TokenGone = new(CredentialState.TokenGone, false);
    private static readonly CredentialCheck DeviceGone = new(CredentialState.DeviceGone, false);

    private readonly CredentialReader _reader = new(postgres.Database);
    private TestAccount _account = null!;
    private Credential _client = null!;
    private Credential _gateway = null!;
    private Credential _relay = null!;

    public async Task InitializeAsync()
    {
        _account = await TestAccount.CreateAsync(postgres);
        await using var connector = new Connector(postgres.Database);
        var client = await connector.AdmitAsync(_account.ClientToken.Text, Connector.Laptop());
        var gateway = await connector.AdmitAsync(_account.GatewayToken.Text, Connector.Machine());
        _client = new(TokenKind.Client, client.TokenId, client.ClientId);
        _gateway = new(TokenKind.Gateway, gateway.TokenId, gateway.GatewayId);
        _relay = new(TokenKind.Relay, (await postgres.Provisioner.IssueRelayTokenAsync()).Id, null);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Answers_come_in_the_order_of_the_questions()
    {
        await postgres.ExecuteAsync("update clients set verified_at = clock_timestamp() where id = $1", _client.DeviceId!);
        Assert.Equal(
            [
                Good,
                new(CredentialState.Valid, true),
                TokenGone,
                Good,
                DeviceGone,
                DeviceGone,
                TokenGone,
                DeviceGone,
            ],
            await CheckAsync(
                _relay,
                _client,
                _relay with { TokenId = _gateway.TokenId }, // a token of one kind is none of another
                _gateway,
                _gateway with { DeviceId = _client.DeviceId },
                _client with { DeviceId = Guid.NewGuid() },
                _gateway with { TokenId = Guid.NewGuid(), DeviceId = Guid.NewGuid() },
                _client with { DeviceId = null }));
        Assert.Empty(await CheckAsync());
    }

    [Theory]
    [InlineData("delete from client_tokens where account_id = $1", CredentialState.TokenGone, CredentialState.Valid)]
    [InlineData("update client_tokens set expires_at = clock_timestamp() where account_id = $1", CredentialState.TokenGone, CredentialState.Valid)]
    [InlineData("update actors set disabled_at = clock_timestamp() where account_id = $1", CredentialState.TokenGone, CredentialState.Valid)]
    [InlineData("update actors set type = 'api_client' where account_id = $1", CredentialState.TokenGone, CredentialState.Valid)]
    [InlineData("update accounts set disabled_at = clock_timestamp() where id = $1", CredentialState.TokenGone, CredentialState.Valid)]
    [InlineData("delete from clients where account_id = $1", CredentialState.DeviceGone, CredentialState.Valid)]
    [InlineData("delete from gateways where account_id = $1", CredentialState.Valid, CredentialState.DeviceGone)]
    [InlineData("delete from gateway_tokens where account_id = $1", CredentialState.Valid, CredentialState.TokenGone)]
    [InlineData("delete from sites where account_id = $1", CredentialState.Valid, CredentialState.TokenGone)]
    [InlineData("delete from accounts where id = $1", CredentialState.TokenGone, CredentialState.TokenGone)]
    public async Task What_ends_a_session_is_found(string change, CredentialState client, CredentialState gateway)
    {
        await postgres.ExecuteAsync(change, _account.Id);
        Assert.Equal([client, gateway, CredentialState.Valid], (await CheckAsync(_client, _gateway, _relay)).Select(c => c.State));
    }

    [Fact]
    public async Task A_disabled_account_keeps_its_tokens_out_even_if_they_exist_again()
    {
        await postgres.ExecuteAsync("update accounts set disabled_at = clock_timestamp() where id = $1", _account.Id);
        var token = await postgres.Provisioner.IssueClientTokenAsync(_account.Actor, DateTimeOffset.MaxValue.AddYears(-7000));
        Assert.Equal([TokenGone], await CheckAsync(_client with { TokenId = token.Id }));
    }

    [Fact]
    public async Task Thousands_are_one_statement()
    {
        var many = Enumerable.Range(0, 5_000).Select(i => i % 2 == 0 ? _client : _gateway with { DeviceId = Guid.NewGuid() }).ToArray();
        await postgres.ResetStatementsAsync();
        var checks = await CheckAsync(many);
        Assert.Equal(2_500, checks.Count(c => c == Good));
        Assert.Equal(2_500, checks.Count(c => c == DeviceGone));
        Assert.Equal(
            1L,
            await postgres.ScalarAsync<long>(
                """
                select coalesce(sum(calls), 0)::bigint from pg_stat_statements
                where dbid = (select oid from pg_database where datname = current_database()) and query like '%relay_tokens%'
                    and query not like '%pg_stat_statements%'
                """));
    }

    private Task<CredentialCheck[]> CheckAsync(params Credential[] credentials) => _reader.CheckAsync(credentials, CancellationToken.None);
}
