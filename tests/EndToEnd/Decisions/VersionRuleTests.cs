using Firezone.EndToEnd.Processes;
using Firezone.EndToEnd.Scenes;

namespace Firezone.EndToEnd.Decisions;

/// <summary>What depends on the version of a peer.</summary>
[Collection(DecisionsCollection.Name)]
public sealed class VersionRuleTests(PortalFixture fixture)
{
    [Fact]
    public async Task The_Internet_resource_is_hidden_from_clients_before_1_3_0()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var internet = await scene.OpenResourceAsync("Internet", type: "internet");
        var old = await scene.ClientAsync("old", with: c => c.Version("1.2.99"));
        Assert.Empty(old.Resources);
        Assert.Equal("not_found", await old.RefusedAsync(internet));

        var current = await scene.ClientAsync("current", with: c => c.Version("1.3.0"));
        var told = Assert.Single(current.Init["resources"]!.AsArray())!;
        Assert.Equal(
            $$"""{"id":"{{internet}}","type":"internet","can_be_disabled":true,"gateway_groups":[{"id":"{{scene.Site}}","name":"Frankfurt"}]}""",
            told.ToJsonString());
    }

    [Fact]
    public async Task Wildcards_are_translated_for_clients_before_1_2_0_or_the_resource_is_hidden()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        await scene.OpenResourceAsync("any depth", "**.example.com", "dns");
        await scene.OpenResourceAsync("one label", "*.example.com", "dns");
        await scene.OpenResourceAsync("plain", "example.com", "dns");
        await scene.OpenResourceAsync("inside", "a.*.example.com", "dns");
        await scene.OpenResourceAsync("one character", "?.example.com", "dns");
        await scene.OpenResourceAsync("twice", "**.*.example.com", "dns");

        var old = await scene.ClientAsync("old", with: c => c.Version("1.1.99"));
        Assert.Equal(["any depth *.example.com", "one label ?.example.com", "plain example.com"], Addresses(old));
        var current = await scene.ClientAsync("current", with: c => c.Version("1.2.0"));
        Assert.Equal(
            [
                "any depth **.example.com", "inside a.*.example.com", "one character ?.example.com", "one label *.example.com", "plain example.com",
                "twice **.*.example.com",
            ],
            Addresses(current));
    }

    [Fact]
    public async Task A_gateway_is_told_the_resource_as_its_client_knows_it()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var wiki = await scene.OpenResourceAsync("Wiki", "**.example.com", "dns");
        var gateway = await scene.GatewayAsync(with: c => c.Version("1.2.0"));
        foreach (var (version, address) in ((string, string)[])[("1.1.9", "*.example.com"), ("1.2.0", "**.example.com")])
        {
            var client = await scene.ClientAsync(version, with: c => c.Version(version));
            await client.FlowAsync(wiki);
            Assert.Equal(address, (await gateway.AuthorizedAsync())["resource"]!["address"]!.GetValue<string>());
        }
    }

    [Theory]
    [InlineData("Mac OS/15.4.1 apple-client/1.5.8 (arm64; 24.4.0)", "account_user", true)]
    [InlineData("Mac OS/15.4.1 apple-client/1.5.9 (arm64; 24.4.0)", "account_user", false)]
    [InlineData("iOS/18.1 apple-client/1.5.8 (arm64)", "account_user", true)]
    [InlineData("iOS/18.1 apple-client/1.5.9 (arm64)", "account_user", false)]
    [InlineData("Windows/10.0.22631 gui-client/1.5.8 (x86_64)", "account_user", true)]
    [InlineData("Windows/10.0.22631 gui-client/1.5.9 (x86_64)", "account_user", false)]
    [InlineData("Android/14 android-client/1.5.4 (arm64)", "account_user", true)]
    [InlineData("Android/14 android-client/1.5.5 (arm64)", "account_user", false)]
    [InlineData("Ubuntu/24.4.0 headless-client/1.5.4 (x86_64)", "service_account", true)]
    [InlineData("Ubuntu/24.4.0 headless-client/1.5.5 (x86_64)", "service_account", false)]
    public async Task Old_clients_are_told_a_change_of_the_site_as_deletion_and_creation(string agent, string actor, bool old)
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var user = await scene.ActorAsync("Bob", actor);
        var group = await scene.GroupAsync("Own", user);
        var (lab, wiki) = (await scene.ResourceAsync("Lab"), await scene.ResourceAsync("Wiki"));
        await scene.PolicyAsync(group, lab);
        await scene.PolicyAsync(group, wiki);
        var client = await scene.ClientAsync(token: await scene.TokenAsync(user), with: c => c.Agent(agent));

        await scene.SqlAsync($"update resources set site_id = {await scene.SiteAsync("Berlin")} where id = {lab}");
        await client.ReceivesAsync(old ? ["resource_deleted Lab", "resource_created_or_updated Lab"] : ["resource_created_or_updated Lab"]);
        await scene.SqlAsync($"update sites set name = 'Hamburg' where id = {scene.Site}");
        await client.ReceivesAsync(old ? ["resource_deleted Wiki", "resource_created_or_updated Wiki"] : ["resource_created_or_updated Wiki"]);
        await scene.SqlAsync($"update resources set name = 'Laboratory' where id = {lab}");
        await client.ReceivesAsync("resource_created_or_updated Lab");
    }

    [Theory]
    [InlineData("1.4.0")]
    [InlineData("1.5.7")]
    [InlineData("1.6.0")]
    public async Task Sites_are_always_called_by_their_old_names(string version)
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var lab = await scene.OpenResourceAsync("Lab");
        await scene.GatewayAsync(with: c => c.Version("1.5.0"));
        var client = await scene.ClientAsync(with: c => c.Version(version));
        var told = client.Init["resources"]![0]!.AsObject();
        Assert.Equal(scene.Site.ToString(), told["gateway_groups"]![0]!["id"]!.GetValue<string>());
        Assert.False(told.ContainsKey("sites"));
        var created = (await client.FlowAsync(lab)).AsObject();
        Assert.Equal(scene.Site.ToString(), created["gateway_group_id"]!.GetValue<string>());
        Assert.False(created.ContainsKey("site_id"));
    }

    private static IEnumerable<string> Addresses(SceneClient client) =>
        client.Init["resources"]!.AsArray().Select(r => $"{r!["name"]} {r["address"]}").Order(StringComparer.Ordinal);
}
