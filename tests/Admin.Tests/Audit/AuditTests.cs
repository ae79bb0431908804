using System.Net;
using System.Text.Json;
using Firezone.Admin.Tests.Support;

namespace Firezone.Admin.Tests.Audit;

public sealed class AuditTests(AdminCluster fixture) : IClassFixture<AdminCluster>
{
    [Fact]
    public async Task Every_change_leaves_one_line_and_no_secret()
    {
        var ada = await fixture.Host.AccountAsync();
        var routes = (await ApiRoute.AllAsync(ada)).Where(r => r.Changes && !r.IsOperators).ToArray();
        Assert.NotEmpty(routes);
        foreach (var route in routes)
        {
            var world = await AccountWorld.CreateAsync(fixture.Host);
            // A policy for the pair is there already.
            if (route.OperationId == "createPolicy")
                await world.Caller.DeleteAsync($"/v1/policies/{world["policy_id"]}");
            await fixture.ConnectAsync(world);
            var before = await CountAsync(world);
            var reply = await world.Caller.SendAsync(
                route.Method, route.Fill([.. route.Parameters.Select(name => world[name])]), route.Body(name => world[name]));
            Assert.True(reply.Status is HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.NoContent, $"{route}: {reply}");
            Assert.Equal((route, before + 1), (route, await CountAsync(world)));

            var line = await fixture.Postgres.ScalarAsync<string>(
                "select to_jsonb(l)::text from audit_log l where account_id = $1 order by at desc limit 1", world.Caller.AccountId);
            var entry = JsonSerializer.Deserialize<JsonElement>(line);
            Assert.Equal(route.Path, entry.GetProperty("route").GetString()!.Replace(":guid", "", StringComparison.Ordinal));
            Assert.Equal(route.Method.Method, entry.GetProperty("method").GetString());
            Assert.Equal(world.Caller.Token.Id, entry.GetProperty("token_id").GetGuid());
            Assert.Equal(world.Caller.ActorId, entry.GetProperty("actor_id").GetGuid());
            if (reply.Body.ValueKind == JsonValueKind.Object && reply.Body.TryGetProperty("token", out var token))
                Assert.DoesNotContain(token.GetString()![3..], line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_line_tells_what_was_and_what_is()
    {
        var world = await AccountWorld.CreateAsync(fixture.Host);
        await world.Caller.PatchAsync($"/v1/sites/{world["site_id"]}", new { name = "Berlin" });
        var log = await world.Caller.GetAsync("/v1/audit-log?action=site.update");
        var entry = log.Body.GetProperty("data")[0];
        Assert.Equal("Frankfurt", entry.GetProperty("before").GetProperty("name").GetString());
        Assert.Equal("Berlin", entry.GetProperty("after").GetProperty("name").GetString());
        Assert.Equal("site", entry.GetProperty("target_type").GetString());
        Assert.Equal("test", entry.GetProperty("token_name").GetString());
        Assert.Equal("127.0.0.1", entry.GetProperty("remote_ip").GetString());
    }

    [Fact]
    public async Task What_fails_leaves_no_line()
    {
        var world = await AccountWorld.CreateAsync(fixture.Host);
        Assert.Equal(HttpStatusCode.Conflict, (await world.Caller.PostAsync("/v1/sites", new { name = "Frankfurt" })).Status);
        Assert.Equal(0, await CountAsync(world));
    }

    [Fact]
    public async Task An_operator_sees_every_account_and_others_their_own_only()
    {
        var world = await AccountWorld.CreateAsync(fixture.Host);
        var other = await AccountWorld.CreateAsync(fixture.Host);
        var op = await fixture.Host.OperatorAsync();
        await world.Caller.PostAsync("/v1/sites", new { name = "A" });
        await other.Caller.PostAsync("/v1/sites", new { name = "B" });
        var created = await op.CreateAsync("/v1/accounts", new { name = "New", slug = $"n{Guid.NewGuid():N}" });

        var own = await world.Caller.GetAsync($"/v1/audit-log?account_id={other.Caller.AccountId}");
        Assert.All(own.Body.GetProperty("data").EnumerateArray(), e => Assert.Equal(world.Caller.AccountId, e.GetProperty("account_id").GetGuid()));
        var all = await op.GetAsync("/v1/audit-log?limit=100");
        var accounts = all.Body.GetProperty("data").EnumerateArray().Select(e => e.GetProperty("account_id").ToString()).ToHashSet();
        var expected = new HashSet<string>
        {
            world.Caller.AccountId.ToString(), other.Caller.AccountId.ToString(), created.GetProperty("account").GetProperty("id").GetString()!,
        };
        Assert.Superset(expected, accounts);
        var one = await op.GetAsync($"/v1/audit-log?account_id={other.Caller.AccountId}");
        Assert.Equal("B", one.Body.GetProperty("data")[0].GetProperty("after").GetProperty("name").GetString());
    }

    private Task<long> CountAsync(AccountWorld world) =>
        fixture.Postgres.ScalarAsync<long>("select count(*) from audit_log where account_id = $1", world.Caller.AccountId);
}
