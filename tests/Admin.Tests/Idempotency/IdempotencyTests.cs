using System.Net;
using Firezone.Admin.Tests.Support;

namespace Firezone.Admin.Tests.Idempotency;

public sealed class IdempotencyTests(AdminFixture fixture) : IClassFixture<AdminFixture>
{
    [Fact]
    public async Task A_repeated_request_gets_the_first_answer_and_does_nothing()
    {
        var world = await AccountWorld.CreateAsync(fixture.Host);
        var path = $"/v1/sites/{world["site_id"]}/gateway-tokens";
        var first = await world.Caller.PostAsync(path, key: "one");
        var second = await world.Caller.PostAsync(path, key: "one");
        Assert.Equal(HttpStatusCode.Created, second.Status);
        Assert.Equal(first.Body.GetRawText(), second.Body.GetRawText());
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal(["true"], second.Headers.GetValues("Idempotent-Replayed"));
        Assert.Equal(2, await CountAsync("gateway_tokens", world));
        Assert.Equal(1, await CountAsync("audit_log", world));
    }

    [Fact]
    public async Task A_key_does_not_serve_another_request()
    {
        var world = await AccountWorld.CreateAsync(fixture.Host);
        await world.Caller.PostAsync("/v1/sites", new { name = "A" }, "one");
        foreach (var (path, body) in ((string, object)[])[("/v1/sites", new { name = "B" }), ("/v1/groups", new { name = "A" })])
        {
            var reply = await world.Caller.PostAsync(path, body, "one");
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "idempotency_key_reused"), (reply.Status, reply.Code));
        }

        Assert.Equal(2, await CountAsync("sites", world));
    }

    [Fact]
    public async Task Keys_of_two_tokens_have_nothing_to_do_with_each_other()
    {
        var world = await AccountWorld.CreateAsync(fixture.Host);
        var other = await fixture.Host.CallerAsync(world.Caller.AccountId, world.Caller.ActorId, "admin");
        Assert.Equal(HttpStatusCode.Created, (await world.Caller.PostAsync("/v1/sites", new { name = "A" }, "one")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await other.PostAsync("/v1/sites", new { name = "A" }, "one")).Status);
    }

    [Fact]
    public async Task A_failed_request_may_be_repeated_with_its_key()
    {
        var world = await AccountWorld.CreateAsync(fixture.Host);
        Assert.Equal(HttpStatusCode.Conflict, (await world.Caller.PostAsync("/v1/sites", new { name = "Frankfurt" }, "one")).Status);
        await world.Caller.DeleteAsync($"/v1/sites/{world["site_id"]}");
        Assert.Equal(HttpStatusCode.Created, (await world.Caller.PostAsync("/v1/sites", new { name = "Frankfurt" }, "one")).Status);
    }

    [Fact]
    public async Task Of_many_at_once_one_acts_and_all_get_its_answer()
    {
        var world = await AccountWorld.CreateAsync(fixture.Host);
        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => world.Caller.PostAsync("/v1/sites", new { name = "A" }, "one")));
        Assert.All(replies, r => Assert.Equal(HttpStatusCode.Created, r.Status));
        Assert.Single(replies.Select(r => r.Body.GetProperty("id").GetString()).Distinct());
        Assert.Equal(2, await CountAsync("sites", world));
    }

    [Fact]
    public async Task After_a_day_the_key_is_free()
    {
        var world = await AccountWorld.CreateAsync(fixture.Host);
        await world.Caller.PostAsync("/v1/sites", new { name = "A" }, "one");
        await fixture.Postgres.ExecuteAsync(
            "update admin_requests set created_at = created_at - interval '25 hours' where token_id = $1", world.Caller.Token.Id);
        Assert.Equal(HttpStatusCode.Created, (await world.Caller.PostAsync("/v1/sites", new { name = "B" }, "one")).Status);
    }

    [Fact]
    public async Task The_database_does_not_hold_the_credential_that_was_answered()
    {
        var world = await AccountWorld.CreateAsync(fixture.Host);
        var reply = await world.Caller.PostAsync($"/v1/sites/{world["site_id"]}/gateway-tokens", key: "one");
        var secret = reply.Body.GetProperty("token").GetString()![3..];
        var kept = await fixture.Postgres.ScalarAsync<string>(
            "select encode(body, 'escape') || location from admin_requests where token_id = $1 and status = 201", world.Caller.Token.Id);
        Assert.DoesNotContain(secret, kept, StringComparison.Ordinal);
        Assert.DoesNotContain("site_id", kept, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, await world.FingerprintAsync(fixture.Postgres), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("with blank")]
    public async Task A_key_of_the_wrong_form_is_refused(string key)
    {
        var world = await AccountWorld.CreateAsync(fixture.Host);
        var reply = await world.Caller.PostAsync("/v1/sites", new { name = "A" }, key);
        Assert.Equal(["Idempotency-Key"], reply.Fields);
    }

    private Task<long> CountAsync(string table, AccountWorld world) =>
        fixture.Postgres.ScalarAsync<long>($"select count(*) from {table} where account_id = $1", world.Caller.AccountId);
}
