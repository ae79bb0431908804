using Firezone.Shared;
using Firezone.Storage.Postgres.Connecting;

namespace Firezone.Storage.Postgres.Tests.Connecting;

public sealed class GatewayConnectTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private Connector connector = null!;
    private TestAccount account = null!;

    public async Task InitializeAsync()
    {
        connector = new Connector(postgres.Database);
        account = await TestAccount.CreateAsync(postgres);
    }

    public async Task DisposeAsync() => await connector.DisposeAsync();

    [Fact]
    public async Task A_reconnect_keeps_id_secret_and_addresses_and_overwrites_key_and_name()
    {
        var first = await connector.AdmitAsync(account.GatewayToken.Text, Connector.Machine("device"));
        Assert.Equal((account.Id, account.Site, "100.64.0.1", "fd00:2021:1111::1"), (first.AccountId, first.SiteId, first.Ipv4, first.Ipv6));
        var key = Connector.NewKey();
        var second = await connector.AdmitAsync(account.GatewayToken.Text, new GatewayDevice("device", key, "renamed", "1.5.1"));
        Assert.Equal(first with { Now = second.Now, PskBase = second.PskBase }, second);
        Assert.Equal(first.PskBase, second.PskBase);

        await connector.DisposeAsync();
        Assert.Equal(
            $"renamed|{key}|1.5.1|198.51.100.7",
            await postgres.ScalarAsync<string>(
                "select concat_ws('|', name, public_key, last_seen_version, last_seen_remote_ip) from gateways where id = $1", first.GatewayId));
    }

    [Fact]
    public async Task Clients_and_gateways_draw_from_one_pool_and_accounts_from_their_own()
    {
        var other = await TestAccount.CreateAsync(postgres);
        Assert.Equal("100.64.0.1", (await connector.AdmitAsync(account.GatewayToken.Text, Connector.Machine())).Ipv4);
        Assert.Equal("100.64.0.2", (await connector.AdmitAsync(account.ClientToken.Text, Connector.Laptop())).Ipv4);
        Assert.Equal("100.64.0.3", (await connector.AdmitAsync(account.GatewayToken.Text, Connector.Machine())).Ipv4);
        Assert.Equal("100.64.0.1", (await connector.AdmitAsync(other.GatewayToken.Text, Connector.Machine())).Ipv4);
    }

    [Fact]
    public async Task A_public_key_of_another_gateway_of_the_account_is_refused()
    {
        var key = Connector.NewKey();
        var elsewhere = await postgres.Provisioner.CreateSiteAsync(account.Id, "Elsewhere");
        var elsewhereToken = await postgres.Provisioner.IssueGatewayTokenAsync(elsewhere);
        await connector.AdmitAsync(account.GatewayToken.Text, Connector.Machine("device", key));
        Assert.Equal(
            ConnectStatus.PublicKeyTaken, (await connector.ConnectAsync(elsewhereToken.Text, Connector.Machine("device", key))).Status);
        await connector.AdmitAsync(elsewhereToken.Text, Connector.Machine("device"));
    }

    [Fact]
    public async Task A_disabled_or_exceeded_account_does_not_concern_gateways()
    {
        await postgres.ExecuteAsync(
            "update accounts set disabled_at = clock_timestamp(), users_limit_exceeded = true where id = $1", account.Id);
        await connector.AdmitAsync(account.GatewayToken.Text, Connector.Machine());
    }

    [Fact]
    public async Task Deleting_the_site_deletes_its_tokens_and_gateways()
    {
        await connector.AdmitAsync(account.GatewayToken.Text, Connector.Machine("device"));
        await postgres.ExecuteAsync("delete from sites where id = $1", account.Site);
        Assert.Equal(ConnectStatus.InvalidToken, (await connector.ConnectAsync(account.GatewayToken.Text, Connector.Machine("device"))).Status);
        Assert.Equal(0L, await postgres.ScalarAsync<long>("select count(*) from tunnel_addresses where account_id = $1", account.Id));
    }

    [Fact]
    public async Task A_client_token_a_deleted_token_and_missing_attributes_are_refused()
    {
        Assert.Equal(ConnectStatus.InvalidToken, (await connector.ConnectAsync(account.ClientToken.Text, Connector.Machine())).Status);
        Assert.Equal(ConnectStatus.InvalidAttributes, (await connector.ConnectAsync(account.GatewayToken.Text, (GatewayDevice?)null)).Status);
        await postgres.ExecuteAsync("delete from gateway_tokens where id = $1", account.GatewayToken.Id);
        Assert.Equal(ConnectStatus.InvalidToken, (await connector.ConnectAsync(account.GatewayToken.Text, Connector.Machine())).Status);
    }

    [Fact]
    public async Task A_relay_is_admitted_while_its_token_exists()
    {
        var token = await postgres.Provisioner.IssueRelayTokenAsync();
        Assert.Equal(token.Id, (await connector.Relays.ConnectAsync(token.Text, CancellationToken.None)).Record!.TokenId);
        Assert.Equal(
            ConnectStatus.InvalidToken, (await connector.Relays.ConnectAsync(account.GatewayToken.Text, CancellationToken.None)).Status);
        Assert.Equal(ConnectStatus.InvalidToken, (await connector.Relays.ConnectAsync("x" + token.Text, CancellationToken.None)).Status);
        await postgres.ExecuteAsync("delete from relay_tokens where id = $1", token.Id);
        Assert.Equal(ConnectStatus.InvalidToken, (await connector.Relays.ConnectAsync(token.Text, CancellationToken.None)).Status);
    }
}
