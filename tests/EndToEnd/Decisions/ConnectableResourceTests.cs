using Firezone.EndToEnd.Processes;
using Firezone.EndToEnd.Scenes;
using static Firezone.EndToEnd.Scenes.Conditions;

namespace Firezone.EndToEnd.Decisions;

/// <summary>What a client may connect to, and what it is told when that changes.</summary>
[Collection(DecisionsCollection.Name)]
public sealed class ConnectableResourceTests(PortalFixture fixture)
{
    [Fact]
    public async Task A_resource_that_several_policies_grant_is_listed_once()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var lab = await scene.OpenResourceAsync("Lab");
        await scene.PolicyAsync(await scene.GroupAsync("Own", scene.AdaId), lab);
        Assert.Equal(["Lab"], (await scene.ClientAsync()).Resources);
    }

    [Fact]
    public async Task A_resource_is_connectable_if_any_policy_conforms()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var lab = await scene.ResourceAsync("Lab");
        await scene.PolicyAsync(scene.Everyone, lab, Region("FR"));
        await scene.PolicyAsync(await scene.GroupAsync("Own", scene.AdaId), lab, Region("DE"));
        Assert.Equal(["Lab"], (await scene.ClientAsync(with: c => c.In("DE"))).Resources);
    }

    [Fact]
    public async Task Only_resources_with_a_site_are_connectable()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        await scene.OpenResourceAsync("Somewhere");
        var nowhere = await scene.ResourceAsync("Nowhere", nowhere: true);
        await scene.PolicyAsync(scene.Everyone, nowhere);
        var client = await scene.ClientAsync();
        Assert.Equal(["Somewhere"], client.Resources);
        Assert.Equal("not_found", await client.RefusedAsync(nowhere));

        await scene.SqlAsync($"update resources set site_id = {scene.Site} where id = {nowhere}");
        await client.ReceivesAsync("resource_created_or_updated Nowhere");
        await scene.SqlAsync($"update resources set site_id = null where id = {nowhere}");
        await client.ReceivesAsync("resource_deleted Nowhere");
    }

    [Fact]
    public async Task A_change_that_leaves_the_set_as_it_is_pushes_nothing()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var lab = await scene.OpenResourceAsync("Lab");
        var client = await scene.ClientAsync();
        var second = await scene.PolicyAsync(await scene.GroupAsync("Own", scene.AdaId), lab);
        await client.ReceivesAsync();
        await scene.SqlAsync($"delete from policies where id = {second}");
        await client.ReceivesAsync();
    }

    [Fact]
    public async Task A_resource_that_is_rendered_differently_is_updated_and_not_deleted()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var lab = await scene.OpenResourceAsync("Lab");
        await scene.OpenResourceAsync("Wiki");
        var client = await scene.ClientAsync();
        await scene.SqlAsync($"update sites set name = 'Berlin' where id = {scene.Site}");
        await client.ReceivesAsync("resource_created_or_updated Lab", "resource_created_or_updated Wiki");
        Assert.Equal("Berlin", client.Seen[0]["gateway_groups"]![0]!["name"]!.GetValue<string>());

        await scene.SqlAsync($"update resources set name = 'Laboratory' where id = {lab}");
        await client.ReceivesAsync("resource_created_or_updated Lab");
    }

    [Fact]
    public async Task Deletions_are_pushed_before_everything_else_of_one_change()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var group = await scene.GroupAsync("Own", scene.AdaId);
        foreach (var label in (string[])["Old 1", "Old 2", "Old 3"])
            await scene.PolicyAsync(group, await scene.ResourceAsync(label));
        var others = await scene.GroupAsync("Other");
        foreach (var label in (string[])["New 1", "New 2", "New 3"])
            await scene.PolicyAsync(others, await scene.ResourceAsync(label));
        var client = await scene.ClientAsync();

        await scene.SqlAsync($"update memberships set group_id = {others} where group_id = {group}");
        await client.ReceivesAsync(
            "resource_deleted Old 1",
            "resource_deleted Old 2",
            "resource_deleted Old 3",
            "resource_created_or_updated New 1",
            "resource_created_or_updated New 2",
            "resource_created_or_updated New 3");
    }

    [Fact]
    public async Task A_change_concerns_only_clients_whose_set_it_changes()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var bob = await scene.ActorAsync("Bob");
        var group = await scene.GroupAsync("Bob's", bob);
        var adas = await scene.ClientAsync("ada");
        var bobs = await scene.ClientAsync("bob", await scene.TokenAsync(bob));
        await scene.PolicyAsync(group, await scene.ResourceAsync("Lab"));
        await bobs.ReceivesAsync("resource_created_or_updated Lab");
        await adas.ReceivesAsync();
    }
}
