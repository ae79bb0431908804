using System.Net;
using Firezone.Admin.Tests.Support;

namespace Firezone.Admin.Tests.Events;

public sealed class EventTests(AdminFixture fixture) : IClassFixture<AdminFixture>
{
    private const string Open = """
        insert into sessions (id, front_end_id, kind, account_id, device_id, token_id, region, remote_ip, version, opened_at)
        values ($1, gen_random_uuid(), $2, $3, gen_random_uuid(), gen_random_uuid(), 'local', '::1', '1.5.8', now() - interval '1 day')
        """;

    [Fact]
    public async Task Sessions_and_flows_of_the_account_are_told_in_the_order_in_which_they_happen()
    {
        var world = await AccountWorld.CreateAsync(fixture.Host);
        var other = await AccountWorld.CreateAsync(fixture.Host);
        using var events = await EventStream.OpenAsync(world.Caller);
        var session = Guid.NewGuid();
        await fixture.Postgres.ExecuteAsync(Open, Guid.NewGuid(), "client", other.Caller.AccountId);
        await fixture.Postgres.ExecuteAsync(Open, session, "gateway", world.Caller.AccountId);
        var (name, data) = await events.NextAsync();
        Assert.Equal(("session.opened", session, "gateway"), (name, data.GetProperty("id").GetGuid(), data.GetProperty("kind").GetString()));

        var flow = Guid.NewGuid();
        await fixture.Postgres.ExecuteAsync(
            """
            insert into policy_authorizations (id, account_id, client_id, gateway_id, resource_id, policy_id, membership_id, token_id,
                client_remote_ip, client_user_agent, gateway_remote_ip, expires_at)
            select $1, account_id, client_id, gateway_id, resource_id, policy_id, membership_id, token_id, '::1', '', '::2', expires_at
            from policy_authorizations where id = $2
            """,
            flow,
            world["authorization_id"]);
        (name, data) = await events.NextAsync();
        Assert.Equal(("flow.granted", flow, "Lab"), (name, data.GetProperty("id").GetGuid(), data.GetProperty("resource_name").GetString()));

        await fixture.Postgres.ExecuteAsync("update sessions set ended_at = now() where id = $1", session);
        (name, data) = await events.NextAsync();
        Assert.Equal(("session.ended", session), (name, data.GetProperty("id").GetGuid()));
    }

    [Fact]
    public async Task What_is_committed_late_is_told_once_when_it_is_visible_and_holds_up_nothing_else()
    {
        var world = await AccountWorld.CreateAsync(fixture.Host);
        using var events = await EventStream.OpenAsync(world.Caller, "?kind=client");
        var (slow, quick, last) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await using var connection = await fixture.Postgres.Database.Write.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = new Npgsql.NpgsqlCommand(Open, connection, transaction);
        foreach (var value in (object[])[slow, "client", world.Caller.AccountId])
            command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync();

        await fixture.Postgres.ExecuteAsync(Open, quick, "client", world.Caller.AccountId);
        Assert.Equal(quick, await NextIdAsync());
        await transaction.CommitAsync();
        Assert.Equal(slow, await NextIdAsync());
        await fixture.Postgres.ExecuteAsync(Open, Guid.NewGuid(), "gateway", world.Caller.AccountId);
        await fixture.Postgres.ExecuteAsync(Open, last, "client", world.Caller.AccountId);
        Assert.Equal(last, await NextIdAsync());

        async Task<Guid> NextIdAsync() => (await events.NextAsync()).Data.GetProperty("id").GetGuid();
    }

    [Fact]
    public async Task Nothing_is_told_that_happened_before_the_stream_was_ready_even_if_an_older_transaction_is_under_way()
    {
        await using var connection = await fixture.Postgres.Database.Write.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = new Npgsql.NpgsqlCommand("select pg_current_xact_id()", connection, transaction);
        await command.ExecuteScalarAsync();
        var world = await AccountWorld.CreateAsync(fixture.Host);
        using var events = await EventStream.OpenAsync(world.Caller);
        await transaction.CommitAsync();

        var session = Guid.NewGuid();
        await fixture.Postgres.ExecuteAsync(Open, session, "client", world.Caller.AccountId);
        Assert.Equal(session, (await events.NextAsync()).Data.GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task A_stream_ends_with_its_token()
    {
        var world = await AccountWorld.CreateAsync(fixture.Host);
        using var events = await EventStream.OpenAsync(world.Caller);
        await world.Caller.DeleteAsync($"/v1/admin-tokens/{world.Caller.Token.Id}");
        var (name, data) = await events.NextAsync();
        Assert.Equal(("end", "revoked"), (name, data.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task An_account_has_so_many_streams_and_no_more()
    {
        var world = await AccountWorld.CreateAsync(fixture.Host);
        var open = new List<EventStream>();
        for (var i = 0; i < 20; i++)
            open.Add(await EventStream.OpenAsync(world.Caller));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await world.Caller.GetAsync("/v1/events")).Status);
        foreach (var stream in open)
            stream.Dispose();
    }

    [Fact]
    public async Task An_unknown_kind_is_refused()
    {
        var world = await AccountWorld.CreateAsync(fixture.Host);
        Assert.Equal(["kind"], (await world.Caller.GetAsync("/v1/events?kind=relay")).Fields);
    }
}
