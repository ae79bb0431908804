using Firezone.EndToEnd.Processes;
using Firezone.EndToEnd.Scenes;

namespace Firezone.EndToEnd.Changes;

/// <summary>What clients and gateways are told when sites change.</summary>
[Collection(ChangesCollection.Name)]
public sealed class SiteChangeTests(PortalFixture fixture)
{
    [Fact]
    public async Task Another_name_of_a_site_updates_each_of_its_resources_and_gateways_are_told_nothing()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal, before: async scene =>
        {
            await scene.OpenResourceAsync("Wiki");
            await scene.OpenResourceAsync("Elsewhere", site: await scene.SiteAsync("Berlin"));
        });
        await flow.ChangeAsync(
            $"update sites set name = 'Hamburg' where id = {flow.Scene.Site}",
            ["resource_created_or_updated Lab", "resource_created_or_updated Wiki"]);
        Assert.All(flow.Client.Seen, told => Assert.Equal("Hamburg", told["gateway_groups"]![0]!["name"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_deleted_site_takes_its_resources_from_clients_and_ends_its_gateways_and_their_tokens()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        var elsewhere = await flow.Scene.GatewayAsync("elsewhere", await flow.Scene.SiteAsync("Berlin"));
        await flow.Scene.SqlAsync($"delete from sites where id = {flow.Scene.Site}");
        await flow.Client.ReceivesAsync("resource_deleted Lab");
        await flow.Gateway.EndedAsync();
        Assert.Equal(401, await flow.Scene.StatusAsync(flow.Gateway.Connect));
        await flow.Scene.SqlAsync($"update accounts set slug = slug || '-2' where id = {flow.Scene.Account}");
        await elsewhere.ExpectAsync("init");
    }
}
