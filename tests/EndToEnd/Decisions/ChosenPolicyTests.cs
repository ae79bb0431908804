using Firezone.EndToEnd.Processes;
using Firezone.EndToEnd.Scenes;
using Firezone.Storage.Postgres.Accounts;
using static Firezone.EndToEnd.Scenes.Conditions;

namespace Firezone.EndToEnd.Decisions;

/// <summary>Which of several policies grants a flow, and until when.</summary>
[Collection(DecisionsCollection.Name)]
public sealed class ChosenPolicyTests(PortalFixture fixture)
{
    private readonly NoonZone _zone = NoonZone.Now();

    [Fact]
    public async Task Of_the_policies_that_conform_the_one_that_ends_last_grants()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var lab = await scene.ResourceAsync("Lab");
        await PolicyAsync(scene, lab, Times(_zone.Today("9-13")));
        var last = await PolicyAsync(scene, lab, Times(_zone.Today("9-15")));
        await PolicyAsync(scene, lab, Times(_zone.Today("9-14")));
        await PolicyAsync(scene, lab, Times(_zone.Today("true")), Verified);
        await GrantsAsync(scene, lab, last, _zone.At(15));
    }

    [Fact]
    public async Task A_policy_without_an_end_outlasts_every_other()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var lab = await scene.ResourceAsync("Lab");
        await PolicyAsync(scene, lab, Times(_zone.Today("true")));
        var endless = await PolicyAsync(scene, lab);
        await PolicyAsync(scene, lab, Times(_zone.Today("9-15")));
        await GrantsAsync(scene, lab, endless, scene.AdaExpiresAt);
    }

    [Fact]
    public async Task An_authorization_ends_with_the_token_if_that_is_earlier()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var lab = await scene.ResourceAsync("Lab");
        var policy = await PolicyAsync(scene, lab, Times(_zone.Today("9-15")));
        var soon = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 600);
        await GrantsAsync(scene, lab, policy, soon, await scene.TokenAsync(scene.AdaId, soon));
    }

    [Fact]
    public async Task A_client_whose_membership_vanished_is_told_not_found()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var lab = await scene.ResourceAsync("Lab");
        var group = await scene.GroupAsync("Own");
        var membership = await scene.MemberAsync(group, scene.AdaId);
        await scene.PolicyAsync(group, lab);
        var client = await scene.ClientAsync();
        Assert.Equal("offline", await client.RefusedAsync(lab));

        await scene.SqlAsync($"delete from memberships where id = {membership}");
        await client.ReceivesAsync("resource_deleted Lab");
        Assert.Equal("not_found", await client.RefusedAsync(lab));
    }

    private static async Task<Guid> PolicyAsync(Scene scene, Guid resource, params ConditionRow[] conditions) =>
        await scene.PolicyAsync(await scene.GroupAsync("Group", scene.AdaId), resource, conditions);

    private static async Task GrantsAsync(
        Scene scene, Guid resource, Guid policy, DateTimeOffset end, Storage.Postgres.Tokens.IssuedToken? token = null)
    {
        var gateway = await scene.GatewayAsync();
        var client = await scene.ClientAsync(token: token);
        await client.FlowAsync(resource);
        Assert.Equal(end.ToUnixTimeSeconds(), (await gateway.AuthorizedAsync())["expires_at"]!.GetValue<long>());
        Assert.Equal(policy, await scene.ScalarAsync<Guid>($"select policy_id from policy_authorizations where account_id = {scene.Account}"));
        Assert.Equal(
            end.UtcDateTime, await scene.ScalarAsync<DateTime>($"select expires_at from policy_authorizations where account_id = {scene.Account}"));
    }
}
