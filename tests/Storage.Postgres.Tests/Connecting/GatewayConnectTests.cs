using Firezone.Shared;
using Firezone.Storage.Postgres.Connecting;

namespace Firezone.Storage.Postgres.Tests.Connecting;

public sealed class GatewayConnectTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private Connector _connector = null!;
    private TestAccount _account = null!;

    public async Task InitializeAsync()
    {
        _connector = new Connector(postgres.Database);
        _account = await TestAccount.CreateAsync(postgres);
    }

    public async Task DisposeAsync() => await _connector.DisposeAsync();

    [Fact]
    public async Task A_reconnect_keeps_id_secret_and_addresses_and_overwrites_key_and_name()
    {
        var first = await _connector.AdmitAsync(_account.GatewayToken.Text, Connector.Machine("device"));
        Assert.Equal((_account.Id, _account.Site, "100.64.0.1", "fd00:2021:1111::1"), (first.AccountId, first.SiteId, first.Ipv4, first.Ipv6));
        var key = Connector.NewKey();
        var second = await _connector.AdmitAsync(_account.GatewayToken.Text, new GatewayDevice("device", key, "renamed", "1.5.1"));
        Assert.Equal(first with { Now = second.Now, PskBase = second.PskBase }, second);
        Assert.Equal(first.PskBase, second.PskBase);

        await _connector.DisposeAsync();
        Assert.Equal(
            $"renamed|{key}|1.5.1|198.51.100.7",
            await postgres.ScalarAsync<string>(
                "select concat_ws('|', name, public_key, last_seen_version, last_seen_remote_ip) from gateways where id = $1", first.GatewayId));
    }

    [Fact]
    public async Task Clients_and_gateways_draw_from_one_pool_and_accounts_from_their_own()
    {
        var other = await TestAccount.CreateAsync(postgres);
        Assert.Equal("100.64.0.1", (await _connector.AdmitAsync(_account.GatewayToken.Text, Connector.Machine())).Ipv4);
        Assert.Equal("100.64.0.2", (await _connector.AdmitAsync(_account.ClientToken.Text, Connector.Laptop())).Ipv4);
        Assert.Equal("100.64.0.3", (await _connector.AdmitAsync(_account.GatewayToken.Text, Connector.Machine())).Ipv4);
        Assert.Equal("100.64.0.1", (await _connector.AdmitAsync(other.GatewayToken.Text, Connector.Machine())).Ipv4);
    }

    [Fact]
    public async Task A_public_key_of_another_gateway_of_the_account_is_refused()
    {
        var key = Connector.NewKey();
        var elsewhere = await postgres.Provisioner.CreateSiteAsync(_account.Id, "Elsewhere");
        var elsewhereToken = await postgres.Provisioner.IssueGatewayTokenAsync(elsewhere);
        await _connector.AdmitAsync(_account.GatewayToken.Text, Connector.Machine("device", key));
        Assert.Equal(
            ConnectStatus.PublicKeyTaken, (await _connector.ConnectAsync(elsewhereToken.Text, Connector.Machine("device", key))).Status);
        await _connector.AdmitAsync(elsewhereToken.Text, Connector.Machine("device"));
    }

    [Fact]
    public async Task A_disabled_or_exceeded_account_does_not_concern_gateways()
    {
        await postgres.ExecuteAsync(
            "update accounts set disabled_at = clock_timestamp(), users_limit_exceeded = true where id = $1", _account.Id);
        await _connector.AdmitAsync(_account.GatewayToken.Text, Connector.Machine());
    }

    [Fact]
    public async Task Deleting_the_site_deletes_its_tokens_and_gateways()
    {
        await _connector.AdmitAsync(_account.GatewayToken.Text, Connector.Machine("device"));
        await postgres.ExecuteAsync("delete from sites where id = $1", _account.Site);
        Assert.Equal(ConnectStatus.InvalidToken, (await _connector.ConnectAsync(_account.GatewayToken.Text, Connector.Machine("device"))).Status);
        Assert.Equal(0L, await postgres.ScalarAsync<long>("select count(*) from tunnel_addresses where account_id = $1", _account.Id));
    }

    [Fact]
    public async Task A_client_token_a_deleted_token_and_missing_attributes_are_refused()
    {
        Assert.Equal(ConnectStatus.InvalidToken, (await _connector.ConnectAsync(_account.ClientToken.Text, Connector.Machine())).Status);
        Assert.Equal(ConnectStatus.InvalidAttributes, (await _connector.ConnectAsync(_account.GatewayToken.Text, (GatewayDevice?)null)).Status);
        await postgres.ExecuteAsync("delete from gateway_tokens where id = $1", _account.GatewayToken.Id);
        Assert.Equal(ConnectStatus.InvalidToken, (await _connector.ConnectAsync(_account.GatewayToken.Text, Connector.Machine())).Status);
    }

    [Fact]
    public async Task A_relay_is_admitted_while_its_token_exists()
    {
        var token = await postgres.Provisioner.IssueRelayTokenAsync();
        Assert.Equal(token.Id, (await _connector.Relays.ConnectAsync(token.Text, CancellationToken.None)).Record!.TokenId);
        Assert.Equal(
            ConnectStatus.InvalidToken, (await _connector.Relays.ConnectAsync(_account.GatewayToken.Text, CancellationToken.None)).Status);
        Assert.Equal(ConnectStatus.InvalidToken, (await _connector.Relays.ConnectAsync("x" + token.Text, CancellationToken.None)).Status);
        await postgres.ExecuteAsync("delete from relay_tokens where id = $1", token.Id);
        Assert.Equal(ConnectStatus.InvalidToken, (await _connector.Relays.ConnectAsync(token.Text, CancellationToken.None)).Status);
    }
}
