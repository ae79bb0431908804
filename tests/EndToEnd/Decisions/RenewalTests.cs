using Firezone.EndToEnd.Processes;
using Firezone.EndToEnd.Scenes;
using static Firezone.EndToEnd.Scenes.Conditions;

namespace Firezone.EndToEnd.Decisions;

/// <summary>What becomes of access when an authorization goes.</summary>
[Collection(DecisionsCollection.Name)]
public sealed class RenewalTests(PortalFixture fixture)
{
    private static readonly string[] Deleted = ["resource_deleted Lab"];
    private static readonly string[] Rejected = ["reject_access laptop Lab"];
    private static readonly string[] Renewed = ["access_authorization_expiry_updated laptop Lab"];
    private readonly NoonZone _zone = NoonZone.Now();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task While_other_authorizations_remain_access_lasts_until_the_latest_of_their_ends(bool earlierRemains)
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        // The first authorization is that of the scene's policy; a second one, by a policy that ends later, is made after it.
        await flow.Scene.SqlAsync($"update policies set conditions = {Until("9-13")}::jsonb where id = {flow.Policy}");
        await flow.PushedAsync(["resource_deleted Lab", "resource_created_or_updated Lab"], Renewed);
        var second = await flow.SecondPolicyAsync(Times(_zone.Today("9-15")));
        await flow.Client.ReceivesAsync();
        await flow.Client.FlowAsync(flow.Lab);
        await flow.Gateway.ExpectAsync("authorize_flow laptop Lab");

        await flow.ChangeAsync($"delete from policies where id = {(earlierRemains ? second : flow.Policy)}", [], Renewed);
        Assert.Equal(_zone.At(earlierRemains ? 13 : 15).ToUnixTimeSeconds(), Expiry(flow));
        Assert.Equal(1, await CountAsync(flow));
    }

    [Fact]
    public async Task The_last_authorization_is_renewed_by_another_policy_until_its_end_at_most()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        var second = await flow.SecondPolicyAsync(Times(_zone.Today("9-15")));
        await flow.ChangeAsync($"delete from policies where id = {flow.Policy}", [], Renewed);
        Assert.Equal(_zone.At(15).ToUnixTimeSeconds(), Expiry(flow));
        Assert.Equal(second, await flow.Scene.ScalarAsync<Guid>($"select policy_id from policy_authorizations where client_id = {flow.Client.Id}"));

        // Another one without an end does not prolong what was granted until then.
        await flow.Scene.PolicyAsync(flow.Scene.Everyone, flow.Lab);
        await flow.ChangeAsync($"delete from policies where id = {second}", [], Renewed);
        Assert.Equal(_zone.At(15).ToUnixTimeSeconds(), Expiry(flow));
        Assert.Equal(
            _zone.At(15).UtcDateTime,
            await flow.Scene.ScalarAsync<DateTime>($"select expires_at from policy_authorizations where client_id = {flow.Client.Id}"));
    }

    [Fact]
    public async Task Access_is_rejected_when_no_other_policy_conforms()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        await flow.SecondPolicyAsync(Verified);
        await flow.Scene.PolicyAsync(await flow.Scene.GroupAsync("Others"), flow.Lab);
        await flow.ChangeAsync($"delete from policies where id = {flow.Policy}", Deleted, Rejected);
        Assert.Equal(0, await CountAsync(flow));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_identity_provider_of_the_token_counts_for_a_renewal_too(bool isIn)
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var provider = Guid.NewGuid();
        var lab = await scene.ResourceAsync("Lab");
        var first = await scene.PolicyAsync(await scene.GroupAsync("Own", scene.AdaId), lab);
        var gateway = await scene.GatewayAsync();
        var client = await scene.ClientAsync(token: await scene.TokenAsync(scene.AdaId, provider: provider));
        await client.FlowAsync(lab);
        await gateway.ExpectAsync("authorize_flow laptop Lab");

        await scene.PolicyAsync(scene.Everyone, lab, isIn ? Provider(provider) : Not(Provider(provider)));
        await scene.SqlAsync($"delete from policies where id = {first}");
        await client.ReceivesAsync(isIn ? [] : Deleted);
        await gateway.ReceivesAsync(isIn ? Renewed : Rejected);
    }

    [Fact]
    public async Task Everyone_renews_nothing_for_a_service_account()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var robot = await scene.ActorAsync("Robot", "service_account");
        var lab = await scene.OpenResourceAsync("Lab");
        var own = await scene.PolicyAsync(await scene.GroupAsync("Own", robot), lab);
        var gateway = await scene.GatewayAsync();
        var client = await scene.ClientAsync(token: await scene.TokenAsync(robot));
        await client.FlowAsync(lab);
        await gateway.ExpectAsync("authorize_flow laptop Lab");

        await scene.SqlAsync($"delete from policies where id = {own}");
        await client.ReceivesAsync(Deleted);
        await gateway.ReceivesAsync(Rejected);
    }

    [Fact]
    public async Task The_deletion_of_an_authorization_that_has_expired_tells_nobody()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        var wiki = await flow.Scene.ResourceAsync("Wiki");
        var end = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 2);
        var policy = await flow.Scene.PolicyAsync(flow.Own, wiki, Times(_zone.Today($"9-{_zone.Clock(end)}")));
        await flow.Client.ExpectAsync("resource_created_or_updated Wiki");
        await flow.Client.FlowAsync(wiki);
        await flow.Gateway.ExpectAsync("authorize_flow laptop Wiki");
        await flow.Client.ExpectAsync("resource_deleted Wiki");
        await flow.Scene.PolicyAsync(flow.Scene.Everyone, wiki);
        await flow.Client.ExpectAsync("resource_created_or_updated Wiki");

        await flow.ChangeAsync($"delete from policy_authorizations where resource_id = {wiki} and expires_at < clock_timestamp()");
        await flow.ChangeAsync($"delete from policies where id = {policy}");
        Assert.Equal(0, await flow.Scene.ScalarAsync<long>($"select count(*) from policy_authorizations where resource_id = {wiki}"));
    }

    [Fact]
    public async Task A_gateway_that_does_not_hold_the_authorization_is_told_nothing()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        var idle = await flow.Scene.GatewayAsync("idle");
        await flow.ChangeAsync($"delete from policies where id = {flow.Policy}", Deleted, Rejected);
        await idle.ReceivesAsync();
    }

    [Fact]
    public async Task A_gateway_that_comes_back_is_told_what_was_revoked_while_it_was_away()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var (lab, wiki) = (await scene.ResourceAsync("Lab"), await scene.OpenResourceAsync("Wiki"));
        var policy = await scene.PolicyAsync(await scene.GroupAsync("Own", scene.AdaId), lab);
        var token = await scene.GatewayTokenAsync();
        var gateway = await scene.GatewayAsync(token: token);
        var client = await scene.ClientAsync();
        await client.FlowAsync(lab);
        await client.FlowAsync(wiki);
        await gateway.VanishAsync();
        await Sessions.WaitUntilOpenAsync(scene, "gateway", 0);
        await scene.SqlAsync($"delete from policies where id = {policy}");
        await client.ReceivesAsync(Deleted);

        var again = await scene.GatewayAsync(token: token);
        Assert.Equal(["laptop Wiki"], again.Authorizations);
        await again.ReceivesAsync("reject_access laptop Lab", "resource_updated Wiki");
    }

    private string Until(string range) =>
        $$"""[{"property":"current_utc_datetime","operator":"is_in_day_of_week_time_ranges","values":["{{_zone.Today(range)}}"]}]""";

    private static long Expiry(FlowScene flow) => flow.Gateway.Seen[0]["expires_at"]!.GetValue<long>();

    private static Task<long> CountAsync(FlowScene flow) =>
        flow.Scene.ScalarAsync<long>($"select count(*) from policy_authorizations where client_id = {flow.Client.Id}");
}
