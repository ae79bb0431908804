using System.Net;
using System.Text.Json;
using Firezone.Admin.Tests.Support;

namespace Firezone.Admin.Tests.Explaining;

public sealed class ExplainTests(AdminCluster cluster) : IClassFixture<AdminCluster>
{
    [Fact]
    public async Task Access_is_explained_by_the_policy_and_the_gateway_that_give_it()
    {
        var world = await AccountWorld.CreateAsync(cluster.Host);
        await cluster.AnnounceAsync(world, "1.5.0");
        var answer = await ExplainAsync(world);
        Assert.Equal(("granted", "granted"), Verdict(answer));
        Assert.Equal(world["policy_id"], answer.GetProperty("policy_id").GetGuid());
        Assert.Equal(world["gateway_id"], answer.GetProperty("gateway").GetProperty("gateway_id").GetGuid());
        Assert.Equal("gw", answer.GetProperty("gateway").GetProperty("name").GetString());
        Assert.Equal("live_session", answer.GetProperty("subject").GetProperty("source").GetString());
        Assert.Equal(answer.GetProperty("account_version").GetInt64(), answer.GetProperty("snapshot_version").GetInt64());
        var policy = Assert.Single(answer.GetProperty("policies").EnumerateArray());
        Assert.True(policy.GetProperty("chosen").GetBoolean() && policy.GetProperty("in_effect").GetBoolean());
        Assert.Equal(world["membership_id"], policy.GetProperty("membership_id").GetGuid());
        // The token is the limit.
        Assert.Equal(answer.GetProperty("subject").GetProperty("token_expires_at").GetDateTimeOffset(), answer.GetProperty("expires_at").GetDateTimeOffset());
    }

    [Theory]
    [InlineData("update actors set disabled_at = now() where id = $1", "actor_id", "actor_disabled")]
    [InlineData("delete from memberships where id = $1", "membership_id", "no_policy")]
    [InlineData("update policies set disabled_at = now() where id = $1", "policy_id", "no_policy")]
    [InlineData("update resources set site_id = null where id = $1", "resource_id", "no_site")]
    [InlineData("update resources set type = 'internet', address = null where id = $1", "resource_id", "client_too_old")]
    [InlineData("update sites set name = 'Empty' where id = $1", "site_id", "offline")]
    public async Task Each_reason_is_named(string sql, string id, string reason)
    {
        var world = await AccountWorld.CreateAsync(cluster.Host);
        await cluster.Postgres.ExecuteAsync(sql, world[id]);
        if (reason == "client_too_old")
            await cluster.Postgres.ExecuteAsync("update clients set last_seen_version = '1.2.9' where id = $1", world["client_id"]);
        var answer = await ExplainAsync(world);
        Assert.Equal(("denied", reason), Verdict(answer));
    }

    [Fact]
    public async Task Gateways_that_do_not_fit_are_told_apart_from_none()
    {
        var world = await AccountWorld.CreateAsync(cluster.Host);
        await cluster.AnnounceAsync(world, "1.1.0");
        var answer = await ExplainAsync(world);
        Assert.Equal(("denied", "version_mismatch"), Verdict(answer));
        Assert.Equal("version_mismatch", answer.GetProperty("gateway").GetProperty("failure").GetString());
    }

    [Fact]
    public async Task Each_condition_of_each_policy_is_judged()
    {
        var world = await AccountWorld.CreateAsync(cluster.Host);
        await world.Caller.PatchAsync($"/v1/policies/{world["policy_id"]}", new
        {
            conditions = new[]
            {
                new { property = "remote_ip", @operator = "is_in_cidr", values = new[] { "198.51.100.0/24" } },
                new { property = "client_verified", @operator = "is", values = new[] { "true" } },
            },
        });
        var strangers = await world.Caller.CreateAsync("/v1/groups", new { name = "Strangers" });
        var second = await world.Caller.CreateAsync(
            "/v1/policies", new { group_id = strangers.GetProperty("id").GetGuid(), resource_id = world["resource_id"] });

        var answer = await ExplainAsync(world);
        Assert.Equal(("denied", "forbidden"), Verdict(answer));
        Assert.Equal(["client_verified"], answer.GetProperty("violated_properties").EnumerateArray().Select(p => p.GetString()));
        var policies = answer.GetProperty("policies").EnumerateArray().ToDictionary(p => p.GetProperty("policy_id").GetGuid());
        Assert.Equal([true, false], policies[world["policy_id"]].GetProperty("conditions").EnumerateArray().Select(c => c.GetProperty("passes").GetBoolean()));
        var foreign = policies[second.GetProperty("id").GetGuid()];
        Assert.True(foreign.GetProperty("conforms").GetBoolean());
        Assert.False(foreign.GetProperty("member").GetBoolean() || foreign.GetProperty("in_effect").GetBoolean());
    }

    [Fact]
    public async Task A_missing_or_unknown_resource_is_named()
    {
        var world = await AccountWorld.CreateAsync(cluster.Host);
        Assert.Equal(["resource_id"], (await world.Caller.GetAsync($"/v1/clients/{world["client_id"]}/explain")).Fields);
        Assert.Equal(["resource_id"], (await world.Caller.GetAsync($"/v1/clients/{world["client_id"]}/explain?resource_id={Guid.NewGuid()}")).Fields);
    }

    [Fact]
    public async Task The_status_counts_own_sessions_for_an_account_and_all_for_an_operator()
    {
        var world = await AccountWorld.CreateAsync(cluster.Host);
        await AccountWorld.CreateAsync(cluster.Host);
        var own = await world.Caller.GetAsync("/v1/status");
        Assert.Equal(
            [("client", 1), ("gateway", 1)],
            own.Body.GetProperty("sessions").EnumerateArray().Select(s => (s.GetProperty("kind").GetString()!, s.GetProperty("count").GetInt32())));
        var silo = Assert.Single(own.Body.GetProperty("silos").EnumerateArray());
        Assert.Equal("active", silo.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, silo.GetProperty("address").ValueKind);

        var all = await (await cluster.Host.OperatorAsync()).GetAsync("/v1/status");
        Assert.True(all.Body.GetProperty("sessions")[0].GetProperty("count").GetInt32() >= 2);
        Assert.Equal(JsonValueKind.String, all.Body.GetProperty("silos")[0].GetProperty("address").ValueKind);
    }

    private static (string? Access, string? Reason) Verdict(JsonElement answer) =>
        (answer.GetProperty("access").GetString(), answer.GetProperty("reason").GetString());

    private static async Task<JsonElement> ExplainAsync(AccountWorld world)
    {
        var reply = await world.Caller.GetAsync($"/v1/clients/{world["client_id"]}/explain?resource_id={world["resource_id"]}");
        Assert.True(reply.Status == HttpStatusCode.OK, reply.ToString());
        return reply.Body;
    }
}
