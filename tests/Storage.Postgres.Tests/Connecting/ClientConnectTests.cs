using Firezone.Shared;
using Firezone.Storage.Postgres.Connecting;
using Firezone.Storage.Postgres.Tokens;

namespace Firezone.Storage.Postgres.Tests.Connecting;

public sealed class ClientConnectTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
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
    public async Task A_first_connect_creates_the_client_with_the_first_addresses()
    {
        var client = await _connector.AdmitAsync(_account.ClientToken.Text, Connector.Laptop());
        Assert.Equal("100.64.0.1", client.Ipv4);
        Assert.Equal("fd00:2021:1111::1", client.Ipv6);
        Assert.Equal(_account.Id, client.AccountId);
        Assert.Equal(_account.Actor, client.ActorId);
        Assert.Equal("account_user", client.ActorType);
        Assert.Equal("Ada", client.ActorName);
        Assert.Equal("ada@example.com", client.ActorEmail);
        Assert.Equal(_account.ClientToken.Id, client.TokenId);
        Assert.Equal(32, client.PskBase.Length);
        Assert.False(client.Verified);
    }

    [Fact]
    public async Task A_reconnect_keeps_id_name_secret_and_addresses_and_overwrites_the_rest()
    {
        var first = await _connector.AdmitAsync(_account.ClientToken.Text, Connector.Laptop("device"));
        var key = Connector.NewKey();
        var second = await _connector.Clients.ConnectAsync(
            _account.ClientToken.Text,
            new ClientDevice("device", key, "renamed", "1.5.8", "SERIAL", null, "vendor", "firebase"),
            new ConnectOrigin("192.0.2.1", "iOS/18 apple-client/1.5.8", "US", "Boston", 42.4, -71.1),
            CancellationToken.None);
        Assert.Equal(first with { Now = second.Record!.Now, PskBase = second.Record.PskBase }, second.Record);
        Assert.Equal(first.PskBase, second.Record.PskBase);

        await _connector.DisposeAsync();
        var stored = await postgres.ScalarAsync<string>(
            """
            select concat_ws('|', name, public_key, device_serial, coalesce(device_uuid, '-'), identifier_for_vendor,
                firebase_installation_id, last_seen_version, last_seen_user_agent, last_seen_remote_ip, last_seen_region,
                last_seen_city, last_seen_lat, last_seen_lon)
            from clients where id = $1
            """,
            first.ClientId);
        Assert.Equal($"laptop|{key}|SERIAL|-|vendor|firebase|1.5.8|iOS/18 apple-client/1.5.8|192.0.2.1|US|Boston|42.4|-71.1", stored);
        Assert.True(await postgres.ScalarAsync<bool>(
            "select last_seen_at = $2 from clients where id = $1", first.ClientId, second.Record.Now.UtcDateTime));
    }

    [Fact]
    public async Task A_connect_is_recorded_with_its_token()
    {
        var client = await _connector.AdmitAsync(_account.ClientToken.Text, Connector.Laptop());
        await _connector.DisposeAsync();
        Assert.Equal(
            "198.51.100.7|DE|Berlin",
            await postgres.ScalarAsync<string>(
                "select concat_ws('|', last_seen_remote_ip, last_seen_region, last_seen_city) from client_tokens where id = $1", client.TokenId));
    }

    [Fact]
    public async Task An_older_sighting_does_not_overwrite_a_newer_one()
    {
        var client = await _connector.AdmitAsync(_account.ClientToken.Text, Connector.Laptop("device"));
        await postgres.ExecuteAsync(
            "update clients set last_seen_at = clock_timestamp() + '1 hour', last_seen_city = 'Later' where id = $1", client.ClientId);
        await _connector.AdmitAsync(_account.ClientToken.Text, Connector.Laptop("device"));
        await _connector.DisposeAsync();
        Assert.Equal("Later", await postgres.ScalarAsync<string>("select last_seen_city from clients where id = $1", client.ClientId));
    }

    [Fact]
    public async Task A_device_of_two_actors_is_two_clients()
    {
        var other = await postgres.Provisioner.CreateActorAsync(_account.Id, "account_admin_user", "Bob");
        var otherToken = await postgres.Provisioner.IssueClientTokenAsync(other, DateTimeOffset.UnixEpoch.AddYears(100));
        var device = Connector.Laptop();
        var one = await _connector.AdmitAsync(_account.ClientToken.Text, device);
        var two = await _connector.AdmitAsync(otherToken.Text, device);
        Assert.NotEqual(one.ClientId, two.ClientId);
        Assert.Equal("100.64.0.2", two.Ipv4);
    }

    [Fact]
    public async Task Clients_that_connect_at_the_same_time_are_each_judged_by_their_own()
    {
        var tokens = new List<(string Token, string Device, ClientRecord? Known)>();
        for (var i = 0; i < 8; i++)
        {
            var actor = await postgres.Provisioner.CreateActorAsync(_account.Id, "account_user", $"Actor {i}");
            var token = (await postgres.Provisioner.IssueClientTokenAsync(actor, DateTimeOffset.UnixEpoch.AddYears(100))).Text;
            // A third of the devices is known, a third is not, a third has a token that does not exist.
            tokens.Add((token, $"known-{i}", await _connector.AdmitAsync(token, Connector.Laptop($"known-{i}", $"key-{i}"))));
            tokens.Add((token, $"new-{i}", null));
            tokens.Add((DeviceToken.Issue(TokenKind.Client).Text, $"known-{i}", null));
        }

        for (var round = 0; round < 10; round++)
        {
            var outcomes = await Task.WhenAll(tokens.Select(
                t => Task.Run(() => _connector.ConnectAsync(t.Token, Connector.Laptop(t.Device, $"key of {t.Device}")))));
            foreach (var (outcome, (token, device, known)) in outcomes.Zip(tokens))
            {
                if (known is not null)
                    Assert.Equal((known.ClientId, known.ActorId, known.Ipv4), (outcome.Record!.ClientId, outcome.Record.ActorId, outcome.Record.Ipv4));
                else if (device.StartsWith("new", StringComparison.Ordinal))
                    Assert.Equal(ConnectStatus.Ok, outcome.Status);
                else
                    Assert.Equal(ConnectStatus.InvalidToken, outcome.Status);
            }
        }
    }

    [Fact]
    public async Task A_nameless_client_gets_a_name()
    {
        var client = await _connector.AdmitAsync(_account.ClientToken.Text, Connector.Laptop() with { Name = null });
        Assert.StartsWith(
            "client-", await postgres.ScalarAsync<string>("select name from clients where id = $1", client.ClientId), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_public_key_of_another_device_of_the_actor_is_refused_for_new_and_for_known_devices()
    {
        var key = Connector.NewKey();
        await _connector.AdmitAsync(_account.ClientToken.Text, Connector.Laptop("one", key));
        await _connector.AdmitAsync(_account.ClientToken.Text, Connector.Laptop("two"));
        Assert.Equal(
            ConnectStatus.PublicKeyTaken, (await _connector.ConnectAsync(_account.ClientToken.Text, Connector.Laptop("two", key))).Status);
        Assert.Equal(
            ConnectStatus.PublicKeyTaken, (await _connector.ConnectAsync(_account.ClientToken.Text, Connector.Laptop("three", key))).Status);
        await _connector.AdmitAsync(_account.ClientToken.Text, Connector.Laptop("one", key));
    }

    [Fact]
    public async Task Two_new_devices_with_one_public_key_at_once_are_one_admission()
    {
        var key = Connector.NewKey();
        await using var second = new Connector(postgres.Database);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(i =>
            (i % 2 == 0 ? _connector : second).ConnectAsync(_account.ClientToken.Text, Connector.Laptop($"device-{i}", key))));
        Assert.Single(outcomes, o => o.Status == ConnectStatus.Ok);
        Assert.Equal(9, outcomes.Count(o => o.Status == ConnectStatus.PublicKeyTaken));
    }

    [Theory]
    [InlineData("update client_tokens set expires_at = clock_timestamp() where id = $2 and account_id = $1")]
    [InlineData("update client_tokens set secret_hash = '\\x00' where id = $2 and account_id = $1")]
    [InlineData("delete from client_tokens where id = $2 and account_id = $1")]
    [InlineData("update accounts set disabled_at = clock_timestamp() where id = $1 and $2 <> id")]
    [InlineData("update actors set disabled_at = clock_timestamp() where account_id = $1 and $2 <> id")]
    [InlineData("update actors set type = 'api_client' where account_id = $1 and $2 <> id")]
    [InlineData("delete from actors where account_id = $1 and $2 <> id")]
    [InlineData("delete from accounts where id = $1 and $2 <> id")]
    public async Task A_token_that_no_longer_holds_is_invalid(string change)
    {
        await _connector.AdmitAsync(_account.ClientToken.Text, Connector.Laptop("device"));
        await postgres.ExecuteAsync(change, _account.Id, _account.ClientToken.Id);
        var known = await _connector.ConnectAsync(_account.ClientToken.Text, Connector.Laptop("device"));
        var unknown = await _connector.ConnectAsync(_account.ClientToken.Text, Connector.Laptop());
        Assert.Equal(new(ConnectStatus.InvalidToken, null), known);
        Assert.Equal(new(ConnectStatus.InvalidToken, null), unknown);
    }

    [Fact]
    public async Task A_token_of_another_kind_a_tampered_one_and_a_wrong_nonce_are_invalid()
    {
        var withNonce = await postgres.Provisioner.IssueClientTokenAsync(_account.Actor, DateTimeOffset.UnixEpoch.AddYears(100), "nonce");
        Assert.Equal(ConnectStatus.Ok, (await _connector.ConnectAsync(withNonce.Text, Connector.Laptop())).Status);
        string[] bad =
        [
            "",
            _account.GatewayToken.Text,
            _account.ClientToken.Text[..^1] + (_account.ClientToken.Text[^1] == 'A' ? 'B' : 'A'),
            "nonce" + _account.ClientToken.Text,
            withNonce.Text["nonce".Length..],
            "nonsense" + withNonce.Text["nonce".Length..],
        ];
        foreach (var text in bad)
            Assert.Equal(ConnectStatus.InvalidToken, (await _connector.ConnectAsync(text, Connector.Laptop())).Status);
    }

    [Theory]
    [InlineData("account_user", "users_limit_exceeded", ConnectStatus.LimitsExceeded)]
    [InlineData("account_admin_user", "users_limit_exceeded", ConnectStatus.LimitsExceeded)]
    [InlineData("service_account", "users_limit_exceeded", ConnectStatus.Ok)]
    [InlineData("service_account", "service_accounts_limit_exceeded", ConnectStatus.LimitsExceeded)]
    [InlineData("account_user", "service_accounts_limit_exceeded", ConnectStatus.Ok)]
    public async Task An_exceeded_limit_stops_the_actors_it_counts(string actorType, string flag, ConnectStatus expected)
    {
        var limited = await TestAccount.CreateAsync(postgres, actorType);
        await postgres.ExecuteAsync($"update accounts set {flag} = true where id = $1", limited.Id);
        Assert.Equal(expected, (await _connector.ConnectAsync(limited.ClientToken.Text, Connector.Laptop())).Status);
    }

    [Fact]
    public async Task The_token_is_judged_before_the_limits_and_the_limits_before_the_attributes()
    {
        Assert.Equal(ConnectStatus.InvalidToken, (await _connector.ConnectAsync("nonsense", (ClientDevice?)null)).Status);
        Assert.Equal(ConnectStatus.InvalidAttributes, (await _connector.ConnectAsync(_account.ClientToken.Text, (ClientDevice?)null)).Status);
        await postgres.ExecuteAsync("update accounts set users_limit_exceeded = true where id = $1", _account.Id);
        Assert.Equal(ConnectStatus.LimitsExceeded, (await _connector.ConnectAsync(_account.ClientToken.Text, (ClientDevice?)null)).Status);
    }

    [Fact]
    public async Task A_verified_device_stays_verified_while_its_hardware_identifiers_stay()
    {
        var device = Connector.Laptop("device");
        var client = await _connector.AdmitAsync(_account.ClientToken.Text, device);
        await postgres.ExecuteAsync("update clients set verified_at = clock_timestamp() where id = $1", client.ClientId);
        Assert.True((await _connector.AdmitAsync(_account.ClientToken.Text, device)).Verified);
        Assert.True((await _connector.AdmitAsync(_account.ClientToken.Text, device with { IdentifierForVendor = "new" })).Verified);
    }

    [Theory]
    [InlineData(null, "UUID")]
    [InlineData("SERIAL", "another")]
    public async Task A_hardware_identifier_that_changes_or_goes_missing_ends_verification_at_once(string? serial, string? uuid)
    {
        var device = Connector.Laptop("device");
        var client = await _connector.AdmitAsync(_account.ClientToken.Text, device);
        await postgres.ExecuteAsync("update clients set verified_at = clock_timestamp() where id = $1", client.ClientId);
        Assert.False((await _connector.AdmitAsync(_account.ClientToken.Text, device with { DeviceSerial = serial, DeviceUuid = uuid })).Verified);
        // Through another process, and with the identifiers that were verified.
        await using var other = new Connector(postgres.Database);
        Assert.False((await other.AdmitAsync(_account.ClientToken.Text, device)).Verified);
    }
}
