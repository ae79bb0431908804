using Firezone.EndToEnd.Processes;
using Firezone.EndToEnd.Scenes;
using static Firezone.EndToEnd.Scenes.Conditions;

namespace Firezone.EndToEnd.Decisions;

/// <summary>Who gets which policies.</summary>
[Collection(DecisionsCollection.Name)]
public sealed class GrantTests(PortalFixture fixture)
{
    [Fact]
    public async Task An_actor_gets_the_policies_of_the_groups_that_it_is_a_member_of()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var others = await scene.GroupAsync("Others", await scene.ActorAsync("Eve"));
        var own = await scene.GroupAsync("Own", scene.AdaId);
        await scene.PolicyAsync(own, await scene.ResourceAsync("Mine"));
        await scene.PolicyAsync(others, await scene.ResourceAsync("Theirs"));
        await scene.ResourceAsync("Nobody's");

        var client = await scene.ClientAsync();
        Assert.Equal(["Mine"], client.Resources);
    }

    [Theory]
    [InlineData("account_user")]
    [InlineData("account_admin_user")]
    public async Task Users_and_administrators_get_the_policies_of_Everyone_without_being_members(string type)
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var lab = await scene.OpenResourceAsync("Lab");
        await scene.GatewayAsync();
        var client = await scene.ClientAsync(token: await scene.TokenAsync(await scene.ActorAsync("Bob", type)));

        Assert.Equal(["Lab"], client.Resources);
        await client.FlowAsync(lab);
        Assert.Equal(0, await scene.ScalarAsync<long>($"select count(membership_id) from policy_authorizations where account_id = {scene.Account}"));
    }

    [Fact]
    public async Task A_service_account_needs_memberships_of_its_own()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var robot = await scene.ActorAsync("Robot", "service_account");
        var lab = await scene.OpenResourceAsync("Lab");
        var plant = await scene.ResourceAsync("Plant");
        var group = await scene.GroupAsync("Robots");
        var membership = await scene.MemberAsync(group, robot);
        await scene.PolicyAsync(group, plant);
        await scene.GatewayAsync();

        var client = await scene.ClientAsync(token: await scene.TokenAsync(robot));
        Assert.Equal(["Plant"], client.Resources);
        Assert.Equal("not_found", await client.RefusedAsync(lab));
        await client.FlowAsync(plant);
        Assert.Equal(
            membership, await scene.ScalarAsync<Guid>($"select membership_id from policy_authorizations where account_id = {scene.Account}"));
    }

    [Fact]
    public async Task An_api_client_cannot_connect_as_a_client()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var client = await scene.ClientAsync();
        var token = await scene.TokenAsync(await scene.ActorAsync("Script", "api_client"));
        Assert.Equal(401, await scene.StatusAsync(client.Connect.WithToken(token.Text)));
    }

    [Fact]
    public async Task A_disabled_policy_grants_nothing()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var lab = await scene.ResourceAsync("Lab");
        var policy = await scene.PolicyAsync(scene.Everyone, lab);
        await scene.SqlAsync($"update policies set disabled_at = now() where id = {policy}");

        var client = await scene.ClientAsync();
        Assert.Empty(client.Resources);
        Assert.Equal("not_found", await client.RefusedAsync(lab));
    }

    [Fact]
    public async Task Internet_resources_filters_and_conditions_need_no_feature_of_the_account()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        await scene.OpenResourceAsync("Internet", type: "internet");
        await scene.PolicyAsync(scene.Everyone, await scene.ResourceAsync("Web", filters: [new("tcp", ["443"])]));
        await scene.PolicyAsync(scene.Everyone, await scene.ResourceAsync("Abroad"), Region("FR"));

        var client = await scene.ClientAsync(with: c => c.In("DE"));
        Assert.Equal(["Internet", "Web"], client.Resources);
        var web = client.Init["resources"]!.AsArray().Single(r => r!["name"]?.GetValue<string>() == "Web")!;
        Assert.Equal(443, web["filters"]![0]!["port_range_start"]!.GetValue<int>());
    }
}
