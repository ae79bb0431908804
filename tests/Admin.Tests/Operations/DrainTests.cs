using System.Net;
using Firezone.Admin.Tests.Support;
using Firezone.Grains.Abstractions.Operations;

namespace Firezone.Admin.Tests.Operations;

public sealed class DrainTests(AdminCluster cluster) : IClassFixture<AdminCluster>
{
    private string FrontEnd => $"/v1/operations/front-ends/{cluster.FrontEnd.Id}";

    [Fact]
    public async Task A_front_end_is_drained_and_resumed_and_both_are_in_the_audit_log()
    {
        var op = await cluster.Host.OperatorAsync();
        var drained = await op.PostAsync($"{FrontEnd}/drain", new { rate = 50, force = true });
        Assert.Equal((HttpStatusCode.OK, "draining"), (drained.Status, drained.Body.GetProperty("state").GetString()));
        Assert.Equal(new DrainOrder(50, null, "test"), cluster.FrontEnd.Order);
        var shown = await op.GetAsync(FrontEnd);
        Assert.Equal("test", shown.Body.GetProperty("by").GetString());

        var back = await op.PostAsync($"{FrontEnd}/resume");
        Assert.Equal((HttpStatusCode.OK, "serving"), (back.Status, back.Body.GetProperty("state").GetString()));

        var log = await op.GetAsync($"/v1/audit-log?target_id={cluster.FrontEnd.Id}&target_type=front_end");
        Assert.Equal(
            ["front_end.resume draining serving", "front_end.drain serving draining"],
            log.Body.GetProperty("data").EnumerateArray().Select(e =>
                $"{e.GetProperty("action").GetString()} {e.GetProperty("before").GetProperty("state").GetString()} "
                + e.GetProperty("after").GetProperty("state").GetString()));
    }

    [Fact]
    public async Task The_only_one_is_drained_by_force_only()
    {
        var op = await cluster.Host.OperatorAsync();
        var reply = await op.PostAsync($"{FrontEnd}/drain");
        Assert.Equal((HttpStatusCode.Conflict, "force"), (reply.Status, reply.Fields.Single()));
        Assert.Equal("serving", (await op.GetAsync(FrontEnd)).Body.GetProperty("state").GetString());
    }

    [Fact]
    public async Task What_stops_can_be_neither()
    {
        var op = await cluster.Host.OperatorAsync();
        cluster.FrontEnd.Stops = true;
        try
        {
            Assert.Equal(HttpStatusCode.Conflict, (await op.PostAsync($"{FrontEnd}/drain", new { force = true })).Status);
            Assert.Equal(HttpStatusCode.Conflict, (await op.PostAsync($"{FrontEnd}/resume")).Status);
        }
        finally
        {
            cluster.FrontEnd.Stops = false;
        }
    }

    [Theory]
    [InlineData("""{"rate":0}""", "rate")]
    [InlineData("""{"rate":100001}""", "rate")]
    [InlineData("""{"duration":3601}""", "duration")]
    [InlineData("""{"rate":1,"duration":1}""", "duration")]
    public async Task What_is_out_of_bounds_is_refused(string body, string field)
    {
        var op = await cluster.Host.OperatorAsync();
        var reply = await op.PostAsync($"{FrontEnd}/drain", body);
        Assert.Equal((HttpStatusCode.BadRequest, field), (reply.Status, reply.Fields.Single()));
    }

    [Fact]
    public async Task Only_operators_may()
    {
        var ada = await cluster.Host.AccountAsync();
        Assert.Equal(HttpStatusCode.Forbidden, (await ada.PostAsync($"{FrontEnd}/drain")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await ada.PostAsync($"{FrontEnd}/resume")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await ada.GetAsync(FrontEnd)).Status);
    }
}
