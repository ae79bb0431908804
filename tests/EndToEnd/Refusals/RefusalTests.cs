using System.Net;
using Firezone.EndToEnd.Peers;
using Firezone.EndToEnd.Processes;
using Firezone.Shared.Peers;
using Firezone.Storage.Postgres;

namespace Firezone.EndToEnd.Refusals;

/// <summary>Every refusal that a connect can meet, from a portal process with a real database, as it comes over the wire.</summary>
public sealed class RefusalTests(PortalFixture fixture) : IClassFixture<PortalFixture>, IAsyncLifetime
{
    private readonly Portal _portal = fixture.Portal;
    private Database _database = null!;
    private TestAccount _account = null!;

    private Connect Client => Connect.Client().WithToken(_account.Client.Text);

    private Connect Gateway => Connect.Gateway().WithToken(_account.Gateway.Text);

    private Connect Relay => Connect.Relay().WithToken(_account.Relay.Text);

    public async Task InitializeAsync()
    {
        _database = new Database(_portal.ConnectionString);
        _account = await TestAccount.CreateAsync(_database);
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Theory]
    [InlineData("client")]
    [InlineData("gateway")]
    [InlineData("relay")]
    public async Task A_connect_without_a_token_is_answered_401(string role) =>
        await RefusedAsync(Of(role).WithHeader("X-Authorization", null), 401, "missing_token");

    [Theory]
    [InlineData("client")]
    [InlineData("gateway")]
    [InlineData("relay")]
    public async Task A_token_that_nobody_issued_is_answered_401(string role)
    {
        await RefusedAsync(Of(role).WithToken("nonsense"), 401, "invalid_token");
        var other = role switch { "client" => _account.Gateway, "gateway" => _account.Relay, _ => _account.Client };
        await RefusedAsync(Of(role).WithToken(other.Text), 401, "invalid_token");
    }

    [Theory]
    [InlineData("update client_tokens set expires_at = now() - interval '1 second' where account_id = $1")]
    [InlineData("delete from client_tokens where account_id = $1")]
    [InlineData("update actors set disabled_at = now() where account_id = $1")]
    [InlineData("update accounts set disabled_at = now() where id = $1")]
    [InlineData("delete from actors where account_id = $1")]
    public async Task A_client_token_that_is_no_longer_good_is_answered_401(string change)
    {
        await ExecuteAsync(change);
        await RefusedAsync(Client, 401, "invalid_token");
    }

    [Fact]
    public async Task A_deleted_gateway_or_relay_token_is_answered_401()
    {
        await ExecuteAsync("delete from gateway_tokens where account_id = $1");
        await RefusedAsync(Gateway, 401, "invalid_token");
        await using (var command = _database.Write.CreateCommand($"delete from relay_tokens where id = '{_account.Relay.Id}'"))
            await command.ExecuteNonQueryAsync();
        await RefusedAsync(Relay, 401, "invalid_token");
    }

    [Fact]
    public async Task A_disabled_account_still_admits_its_gateways()
    {
        await ExecuteAsync("update accounts set disabled_at = now() where id = $1");
        using var gateway = await V1Peer.ConnectAsync(_portal.FrontEndPort, "gateway", Gateway.With("public_key", TestAccount.NewKey()));
    }

    [Fact]
    public async Task A_user_of_an_account_over_its_users_limit_is_answered_402()
    {
        await ExecuteAsync("update accounts set users_limit_exceeded = true where id = $1");
        await RefusedAsync(Client, 402, "limits_exceeded");
        // Billing comes before the attributes, and concerns clients only.
        await RefusedAsync(Client.With("external_id", null), 402, "limits_exceeded");
        using var gateway = await V1Peer.ConnectAsync(_portal.FrontEndPort, "gateway", Gateway.With("public_key", TestAccount.NewKey()));
    }

    [Fact]
    public async Task A_service_account_over_its_limit_is_answered_402()
    {
        _account = await TestAccount.CreateAsync(_database, "service_account");
        await ExecuteAsync("update accounts set service_accounts_limit_exceeded = true where id = $1");
        await RefusedAsync(Client, 402, "limits_exceeded");
    }

    [Fact]
    public async Task A_foreign_origin_is_answered_403_before_the_token_is_looked_at() =>
        await RefusedAsync(Client.WithToken("nonsense").AddHeader("Origin", "https://evil.example"), 403, "forbidden");

    [Fact]
    public async Task An_unknown_serializer_version_is_answered_403_before_the_token_is_looked_at() =>
        await RefusedAsync(Client.WithToken("nonsense").With("vsn", "3.0.0"), 403, "unsupported_vsn");

    [Theory]
    [InlineData("external_id", null)]
    [InlineData("external_id", "")]
    [InlineData("public_key", null)]
    [InlineData("public_key", "AQEB")]
    public async Task Unusable_parameters_are_answered_422(string parameter, string? value)
    {
        await RefusedAsync(Client.With(parameter, value), 422, "invalid_connect_params");
        await RefusedAsync(Gateway.With(parameter, value), 422, "invalid_connect_params");
    }

    [Fact]
    public async Task A_name_that_is_too_long_is_answered_422() =>
        await RefusedAsync(Client.With("name", new string('x', 256)), 422, "invalid_connect_params");

    [Theory]
    [InlineData("curl/8.0")]
    [InlineData(null)]
    public async Task A_user_agent_without_a_component_is_answered_422_except_for_relays(string? agent)
    {
        await RefusedAsync(Client.WithHeader("User-Agent", agent), 422, "invalid_connect_params");
        await RefusedAsync(Gateway.WithHeader("User-Agent", agent), 422, "invalid_connect_params");
        using var relay = await V1Peer.ConnectAsync(_portal.FrontEndPort, "relay", Relay.WithHeader("User-Agent", agent));
    }

    [Fact]
    public async Task A_public_key_of_another_device_is_answered_422()
    {
        var key = TestAccount.NewKey();
        using var first = await V1Peer.ConnectAsync(
            _portal.FrontEndPort, "client", Client.With("external_id", "first").With("public_key", key));
        await RefusedAsync(Client.With("external_id", "second").With("public_key", key), 422, "invalid_connect_params");
    }

    [Fact]
    public async Task Bad_parameters_with_a_bad_token_are_answered_401() =>
        await RefusedAsync(Client.WithToken("nonsense").With("public_key", "x"), 401, "invalid_token");

    [Fact]
    public async Task A_relay_without_an_address_is_answered_500() => await RefusedAsync(Relay.With("ipv4", null), 500, "internal_error");

    [Fact]
    public async Task What_is_not_a_GET_or_not_an_upgrade_is_answered_400()
    {
        await RefusedAsync(Client with { Method = "POST" }, 400, "bad_request");
        await RefusedAsync(Client.WithHeader("Upgrade", null), 400, "not_websocket");
        // The upgrade headers are looked at last.
        await RefusedAsync(Client.WithToken("nonsense").WithHeader("Upgrade", null), 401, "invalid_token");
    }

    [Fact]
    public async Task A_refused_connect_creates_no_device()
    {
        await RefusedAsync(Client.With("public_key", "x"), 422, "invalid_connect_params");
        await using var command = _database.Write.CreateCommand($"select count(*) from clients where account_id = '{_account.Id}'");
        Assert.Equal(0L, await command.ExecuteScalarAsync());
    }

    private Connect Of(string role) => role switch { "client" => Client, "gateway" => Gateway, _ => Relay };

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _database.Write.CreateCommand(sql);
        command.Parameters.Add(new Npgsql.NpgsqlParameter<Guid> { TypedValue = _account.Id });
        await command.ExecuteNonQueryAsync();
    }

    private async Task RefusedAsync(Connect connect, int status, string code)
    {
        using var peer = await RawPeer.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _portal.FrontEndPort));
        var reply = await peer.RequestAsync(connect.PathAndQuery, connect.Headers, connect.Method);
        Assert.True(reply.Status == status, $"expected {status}, got {reply.Status} {reply.Body}");
        Assert.StartsWith("application/problem+json", reply.Header("Content-Type"), StringComparison.Ordinal);
        Assert.Equal(code, reply.Code);
        Assert.Null(reply.Header("Retry-After"));
    }
}
