using System.Net;
using System.Text.Json;
using Firezone.Admin.Tests.Support;

namespace Firezone.Admin.Tests.Operations;

public sealed class LogLevelTests(AdminCluster cluster) : IClassFixture<AdminCluster>
{
    [Fact]
    public async Task A_level_is_changed_in_one_process_or_in_all_listed_and_taken_back()
    {
        var op = await cluster.Host.OperatorAsync();
        var one = await op.SendAsync(HttpMethod.Put, $"/v1/operations/nodes/{cluster.FrontEnd.Id}/log-level", Order("Orleans", "warning", 60));
        Assert.Equal(HttpStatusCode.OK, one.Status);
        Assert.Equal(("front_end", true), (one.Body.GetProperty("kind").GetString(), one.Body.GetProperty("answered").GetBoolean()));
        Assert.Equal("Orleans warning 60 test", Assert.Single(Levels(one.Body)));

        var all = await op.SendAsync(HttpMethod.Put, "/v1/operations/log-levels", Order("Firezone.Grains", "debug", 900));
        Assert.Equal(2, all.Body.GetProperty("nodes").GetArrayLength());
        Assert.All(all.Body.GetProperty("nodes").EnumerateArray(), node => Assert.Contains("Firezone.Grains debug 900 test", Levels(node)));
        var silo = all.Body.GetProperty("nodes").EnumerateArray().Single(node => node.GetProperty("kind").GetString() == "silo");
        var status = await op.GetAsync("/v1/status");
        Assert.Equal(status.Body.GetProperty("silos")[0].GetProperty("name").GetString(), silo.GetProperty("id").GetString());

        await op.PostAsync("/v1/operations/log-levels/reset", new { category = "Firezone.Grains" });
        var left = await op.GetAsync("/v1/operations/log-levels");
        Assert.Equal(["Orleans warning 60 test"], left.Body.GetProperty("nodes").EnumerateArray().SelectMany(Levels));

        var log = await op.GetAsync("/v1/audit-log?target_type=log_level");
        Assert.Equal(
            ["log_level.reset", "log_level.set", "log_level.set"],
            log.Body.GetProperty("data").EnumerateArray().Select(e => e.GetProperty("action").GetString()));
        Assert.Equal(cluster.FrontEnd.Id, log.Body.GetProperty("data")[2].GetProperty("target_id").GetGuid());
    }

    [Fact]
    public async Task A_process_that_nobody_knows_is_named_with_those_that_are_known()
    {
        var op = await cluster.Host.OperatorAsync();
        var silo = (await op.GetAsync("/v1/status")).Body.GetProperty("silos")[0].GetProperty("name").GetString();

        var unknown = await op.SendAsync(HttpMethod.Put, "/v1/operations/nodes/Silo_nowhere/log-level", Order("Firezone", "debug", 1));

        Assert.Equal((HttpStatusCode.NotFound, "not_found"), (unknown.Status, unknown.Code));
        Assert.Equal(
            $"There is no front-end or silo Silo_nowhere. Known: {silo}, {cluster.FrontEnd.Id}.", unknown.Body.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_process_that_does_not_answer_is_said_to_be_silent()
    {
        var op = await cluster.Host.OperatorAsync();
        var goesOn = new TaskCompletionSource();
        cluster.FrontEnd.Answering = goesOn.Task;
        try
        {
            var one = await op.SendAsync(HttpMethod.Put, $"/v1/operations/nodes/{cluster.FrontEnd.Id}/log-level", Order("Firezone", "debug", 1));
            Assert.Equal((HttpStatusCode.GatewayTimeout, "node_silent"), (one.Status, one.Code));
            var all = await op.GetAsync("/v1/operations/log-levels");
            Assert.Equal(
                [("front_end", false), ("silo", true)],
                all.Body.GetProperty("nodes").EnumerateArray()
                    .Select(node => (node.GetProperty("kind").GetString(), node.GetProperty("answered").GetBoolean())).Order());
        }
        finally
        {
            cluster.FrontEnd.Answering = Task.CompletedTask;
            goesOn.SetResult();
        }
    }

    [Theory]
    [InlineData("Microsoft.AspNetCore.Hosting.Diagnostics", "debug", 60, "category")]
    [InlineData("microsoft.aspnetcore.server.kestrel.connections", "debug", 60, "category")]
    [InlineData("a b", "debug", 60, "category")]
    [InlineData("*", "debug", 60, "category")]
    [InlineData("Firezone", "loud", 60, "level")]
    [InlineData("Firezone", "debug", 0, "for")]
    [InlineData("Firezone", "debug", 86_401, "for")]
    public async Task What_is_out_of_bounds_is_refused(string category, string level, int seconds, string field)
    {
        var op = await cluster.Host.OperatorAsync();
        var reply = await op.SendAsync(HttpMethod.Put, "/v1/operations/log-levels", Order(category, level, seconds));
        Assert.Equal((HttpStatusCode.BadRequest, field), (reply.Status, reply.Fields.Single()));
    }

    [Fact]
    public async Task Only_operators_may()
    {
        var ada = await cluster.Host.AccountAsync();
        Assert.Equal(HttpStatusCode.Forbidden, (await ada.GetAsync("/v1/operations/log-levels")).Status);
        var reply = await ada.SendAsync(HttpMethod.Put, "/v1/operations/log-levels", Order("Firezone", "debug", 1));
        Assert.Equal(HttpStatusCode.Forbidden, reply.Status);
    }

    private static Dictionary<string, object> Order(string category, string level, int seconds) =>
        new() { ["category"] = category, ["level"] = level, ["for"] = seconds };

    private static IEnumerable<string> Levels(JsonElement node) => node.GetProperty("log_levels").EnumerateArray().Select(level =>
        $"{level.GetProperty("category").GetString()} {level.GetProperty("level").GetString()} "
        + $"{(level.GetProperty("until").GetDateTimeOffset() - DateTimeOffset.UnixEpoch).TotalSeconds} {level.GetProperty("by").GetString()}");
}
