using System.Net;
using System.Text.Json;
using Firezone.Admin.Tests.Support;

namespace Firezone.Admin.Tests.Resources;

public sealed class ResourceRouteTests(AdminFixture fixture) : IClassFixture<AdminFixture>
{
    [Fact]
    public async Task A_site_a_token_a_resource_and_a_policy_are_made_read_changed_and_deleted()
    {
        var ada = await fixture.Host.AccountAsync();
        var site = await ada.CreateAsync("/v1/sites", new { name = "Frankfurt" });
        var siteId = site.GetProperty("id").GetString();
        var token = await ada.CreateAsync($"/v1/sites/{siteId}/gateway-tokens");
        Assert.StartsWith(".g", token.GetProperty("token").GetString(), StringComparison.Ordinal);
        var listed = await ada.GetAsync($"/v1/sites/{siteId}/gateway-tokens");
        Assert.False(listed.Body.GetProperty("data")[0].TryGetProperty("token", out _));

        var resource = await ada.CreateAsync("/v1/resources", new
        {
            type = "dns",
            name = "Wiki",
            address = "**.wiki.example.com",
            filters = new[] { new { protocol = "tcp", ports = new[] { "443", "100-200" } } },
            site_id = siteId,
        });
        Assert.Equal("dual", resource.GetProperty("ip_stack").GetString());
        Assert.Equal("100 - 200", resource.GetProperty("filters")[0].GetProperty("ports")[1].GetString());
        var path = $"/v1/resources/{resource.GetProperty("id").GetString()}";
        var patched = await ada.PatchAsync(path, new { type = "cidr", address = "10.1.2.3/8", site_id = (string?)null });
        Assert.Equal("10.0.0.0/8", patched.Body.GetProperty("address").GetString());
        Assert.Equal(JsonValueKind.Null, patched.Body.GetProperty("ip_stack").ValueKind);
        Assert.Equal(JsonValueKind.Null, patched.Body.GetProperty("site_id").ValueKind);
        Assert.Equal("Wiki", patched.Body.GetProperty("name").GetString());

        Assert.Equal(HttpStatusCode.NoContent, (await ada.DeleteAsync(path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await ada.GetAsync(path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await ada.DeleteAsync(path)).Status);
    }

    [Fact]
    public async Task What_is_wrong_is_named_by_its_member()
    {
        var ada = await fixture.Host.AccountAsync();
        var reply = await ada.PostAsync("/v1/resources", new { type = "cidr", name = "", address = "127.0.0.1/8" });
        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal("validation_failed", reply.Code);
        Assert.Equal(["name"], reply.Fields);
        reply = await ada.PostAsync("/v1/resources", new { type = "cidr", name = "x", address = "127.0.0.1/8" });
        Assert.Equal(["address"], reply.Fields);
        reply = await ada.PostAsync("/v1/resources", new { type = "cidr", name = "x", adress = "10.0.0.0/8" });
        Assert.Equal("malformed_request", reply.Code);
        Assert.Equal(["adress"], reply.Fields);
        reply = await ada.PostAsync("/v1/resources", new { type = "cidr", name = 5, address = "10.0.0.0/8" });
        Assert.Equal(["name"], reply.Fields);
        reply = await ada.PostAsync("/v1/resources", new { type = "dns", name = "x", address = "a.b", filters = new[] { new { protocol = "sctp" } } });
        Assert.Equal(["filters[0].protocol"], reply.Fields);
        reply = await ada.PostAsync("/v1/resources", "{");
        Assert.Equal("malformed_request", reply.Code);
        reply = await ada.GetAsync("/v1/resources?limit=many");
        Assert.Equal(["limit"], reply.Fields);
        reply = await ada.GetAsync("/v1/resources?limit=101");
        Assert.Equal(["limit"], reply.Fields);
        reply = await ada.GetAsync("/v1/resources?cursor=abc");
        Assert.Equal(["cursor"], reply.Fields);
        reply = await ada.PostAsync("/v1/resources", new { type = "dns", name = "x\0", address = "a.b" });
        Assert.Equal(["name"], reply.Fields);
        reply = await ada.GetAsync("/v1/resources?name=%00");
        Assert.Equal("malformed_request", reply.Code);
    }
}
