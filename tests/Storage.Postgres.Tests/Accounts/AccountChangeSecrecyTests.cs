using Firezone.Shared;

namespace Firezone.Storage.Postgres.Tests.Accounts;

public sealed class AccountChangeSecrecyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Only_these_columns_are_recorded_and_none_of_them_is_secret()
    {
        var account = await TestAccount.CreateAsync(postgres);
        await using (var connector = new Connector(postgres.Database))
        {
            await connector.AdmitAsync(account.ClientToken.Text, Connector.Laptop());
            await connector.AdmitAsync(account.GatewayToken.Text, Connector.Machine());
        }
        await postgres.ExecuteAsync("update clients set verified_at = clock_timestamp() where account_id = $1", account.Id);
        await postgres.ExecuteAsync("update accounts set slug = slug || '-x' where id = $1", account.Id);
        string[] tables =
            ["client_tokens", "gateway_tokens", "clients", "gateways", "policies", "memberships", "resources", "groups", "sites"];
        foreach (var table in tables)
            await postgres.ExecuteAsync($"delete from {table} where account_id = $1", account.Id);

        // Think before adding a column here: everybody who may read the table sees it.
        var recorded = await postgres.ScalarAsync<string[]>(
            """
            select array_agg(distinct table_name || ': ' || coalesce(columns, '') order by table_name || ': ' || coalesce(columns, ''))
            from (
                select table_name, (select string_agg(key, ' ' order by key) from jsonb_object_keys(coalesce(before, after)) as k (key)) as columns
                from account_changes) c
            """);
        Assert.Equal(
            [
                "accounts: config disabled slug",
                "client_tokens: ",
                "clients: ",
                "clients: verified",
                "gateway_tokens: ",
                "gateways: ",
                "groups: is_everyone name",
                "memberships: actor_id group_id",
                "policies: conditions description disabled_at group_id resource_id revision",
                "resources: address address_description filters ip_stack name revision site_id type",
                "sites: name",
            ],
            recorded.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Connects_of_known_devices_record_nothing_until_one_loses_its_verification()
    {
        var account = await TestAccount.CreateAsync(postgres);
        var device = Connector.Laptop();
        var machine = Connector.Machine();
        for (var i = 0; i < 2; i++)
        {
            await using var connector = new Connector(postgres.Database);
            await connector.AdmitAsync(account.ClientToken.Text, device);
            await connector.AdmitAsync(account.GatewayToken.Text, machine);
        }
        Assert.Equal(6L, await CountAsync(account.Id));

        await postgres.ExecuteAsync("update clients set verified_at = clock_timestamp() where account_id = $1", account.Id);
        await using (var connector = new Connector(postgres.Database))
            await connector.AdmitAsync(account.ClientToken.Text, device with { DeviceSerial = "OTHER" });
        Assert.Equal(8L, await CountAsync(account.Id));
    }

    private Task<long> CountAsync(Guid account) =>
        postgres.ScalarAsync<long>("select count(*) from account_changes where account_id = $1", account);
}
