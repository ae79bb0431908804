using Firezone.Shared;
using Firezone.Storage.Postgres.Connecting;

namespace Firezone.Storage.Postgres.Tests.Connecting;

public sealed class FirstConnectTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const long Usable = 2_097_150;

    [Fact]
    public async Task Two_hundred_new_devices_at_once_get_two_hundred_consecutive_addresses()
    {
        var account = await TestAccount.CreateAsync(postgres);
        await using var one = new Connector(postgres.Database);
        await using var second = new Database(postgres.ConnectionString);
        await using var two = new Connector(second);

        var addresses = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            var process = i % 4 < 2 ? one : two;
            if (i % 2 == 0)
            {
                var client = await process.AdmitAsync(account.ClientToken.Text, Connector.Laptop());
                return (client.Ipv4, client.Ipv6);
            }
            var gateway = await process.AdmitAsync(account.GatewayToken.Text, Connector.Machine());
            return (gateway.Ipv4, gateway.Ipv6);
        }));

        Assert.Equal(Enumerable.Range(1, 200).Select(i => $"100.64.0.{i}").Order(), addresses.Select(a => a.Ipv4).Order());
        Assert.Equal(Enumerable.Range(1, 200).Select(i => $"fd00:2021:1111::{i:x}").Order(), addresses.Select(a => a.Ipv6).Order());
    }

    [Fact]
    public async Task The_same_device_connecting_many_times_at_once_is_one_device()
    {
        var account = await TestAccount.CreateAsync(postgres);
        await using var one = new Connector(postgres.Database);
        await using var two = new Connector(postgres.Database);
        // An overlapping reconnect comes with another key.
        var clients = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            (i % 2 == 0 ? one : two).AdmitAsync(account.ClientToken.Text, Connector.Laptop("device"))));
        var gateways = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            (i % 2 == 0 ? one : two).AdmitAsync(account.GatewayToken.Text, Connector.Machine("device"))));

        Assert.Single(clients.Select(c => (c.ClientId, c.Ipv4, c.Ipv6, Convert.ToHexString(c.PskBase))).Distinct());
        Assert.Single(gateways.Select(g => (g.GatewayId, g.Ipv4, g.Ipv6, Convert.ToHexString(g.PskBase))).Distinct());
        Assert.Equal(2L, await postgres.ScalarAsync<long>("select count(*) from tunnel_addresses where account_id = $1", account.Id));
    }

    [Fact]
    public async Task After_the_last_address_the_lowest_free_one_follows()
    {
        var account = await TestAccount.CreateAsync(postgres);
        await using var connector = new Connector(postgres.Database);
        var first = await connector.AdmitAsync(account.ClientToken.Text, Connector.Laptop("first"));
        var second = await connector.AdmitAsync(account.ClientToken.Text, Connector.Laptop("second"));
        // As an earlier algorithm, which drew at random, could have left it. The families are independent.
        await postgres.ExecuteAsync(
            "update tunnel_addresses set ipv4 = '100.95.255.254' where client_id = $1", second.ClientId);

        var third = await connector.AdmitAsync(account.ClientToken.Text, Connector.Laptop());
        Assert.Equal(("100.64.0.2", "fd00:2021:1111::3"), (third.Ipv4, third.Ipv6));
        var fourth = await connector.AdmitAsync(account.GatewayToken.Text, Connector.Machine());
        Assert.Equal(("100.64.0.3", "fd00:2021:1111::4"), (fourth.Ipv4, fourth.Ipv6));

        // Freed below: taken next. Freed on top: the count goes on from the new highest.
        await postgres.ExecuteAsync("delete from clients where id = $1", first.ClientId);
        Assert.Equal("100.64.0.1", (await connector.AdmitAsync(account.ClientToken.Text, Connector.Laptop())).Ipv4);
        await postgres.ExecuteAsync("delete from clients where id = $1", second.ClientId);
        Assert.Equal("100.64.0.4", (await connector.AdmitAsync(account.ClientToken.Text, Connector.Laptop())).Ipv4);
    }

    [Fact]
    public async Task The_last_usable_addresses_are_given_out()
    {
        var account = await TestAccount.CreateAsync(postgres);
        await using var connector = new Connector(postgres.Database);
        var first = await connector.AdmitAsync(account.ClientToken.Text, Connector.Laptop("first"));
        await postgres.ExecuteAsync(
            "update tunnel_addresses set ipv4 = '100.95.255.253', ipv6 = 'fd00:2021:1111::1f:fffd' where client_id = $1", first.ClientId);
        var last = await connector.AdmitAsync(account.ClientToken.Text, Connector.Laptop());
        Assert.Equal(("100.95.255.254", "fd00:2021:1111::1f:fffe"), (last.Ipv4, last.Ipv6));
        var wrapped = await connector.AdmitAsync(account.ClientToken.Text, Connector.Laptop());
        Assert.Equal(("100.64.0.1", "fd00:2021:1111::1"), (wrapped.Ipv4, wrapped.Ipv6));
    }

    [Fact]
    public async Task Parallel_first_connects_around_the_wrap_collide_with_nothing()
    {
        var account = await TestAccount.CreateAsync(postgres);
        await using var connector = new Connector(postgres.Database);
        await using var other = new Connector(postgres.Database);
        var first = await connector.AdmitAsync(account.ClientToken.Text, Connector.Laptop());
        await connector.AdmitAsync(account.ClientToken.Text, Connector.Laptop());
        await postgres.ExecuteAsync(
            "update tunnel_addresses set ipv4 = '100.95.255.250', ipv6 = 'fd00:2021:1111::1f:fff0' where client_id = $1", first.ClientId);
        var admitted = await Task.WhenAll(Enumerable.Range(0, 50).Select(i =>
            (i % 2 == 0 ? connector : other).AdmitAsync(account.ClientToken.Text, Connector.Laptop())));
        Assert.Equal(50, admitted.Select(a => a.Ipv4).Distinct().Count());
        Assert.Equal(50, admitted.Select(a => a.Ipv6).Distinct().Count());
        Assert.Contains(admitted, a => a.Ipv4 == "100.95.255.254");
        Assert.Contains(admitted, a => a.Ipv4 == "100.64.0.1");
    }

    [Fact]
    public async Task A_client_whose_row_has_no_address_gets_one()
    {
        var account = await TestAccount.CreateAsync(postgres);
        await using var connector = new Connector(postgres.Database);
        var first = await connector.AdmitAsync(account.ClientToken.Text, Connector.Laptop("device"));
        await postgres.ExecuteAsync("delete from tunnel_addresses where client_id = $1", first.ClientId);
        var again = await connector.AdmitAsync(account.ClientToken.Text, Connector.Laptop("device"));
        Assert.Equal((first.ClientId, "100.64.0.1"), (again.ClientId, again.Ipv4));
    }

    [Fact]
    public async Task A_full_pool_is_an_error_and_not_an_invalid_token()
    {
        var account = await TestAccount.CreateAsync(postgres);
        await using var connector = new Connector(postgres.Database);
        await connector.AdmitAsync(account.ClientToken.Text, Connector.Laptop());
        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(
            () => postgres.ScalarAsync<object>("select next_tunnel_offsets($1, 1)", account.Id));
        Assert.Equal("FZ001", refused.SqlState);
        Assert.Equal(Usable, await postgres.ScalarAsync<long>("select '100.95.255.254'::inet - '100.64.0.0'::inet"));
    }
}
