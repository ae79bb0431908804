using Firezone.EndToEnd.Processes;
using Firezone.EndToEnd.Scenes;

namespace Firezone.EndToEnd.Changes;

/// <summary>What clients and gateways are told when actors join and leave groups.</summary>
[Collection(ChangesCollection.Name)]
public sealed class MembershipChangeTests(PortalFixture fixture)
{
    private static readonly string[] Rejected = ["reject_access laptop Lab"];
    private static readonly string[] Renewed = ["access_authorization_expiry_updated laptop Lab"];

    [Fact]
    public async Task A_membership_gives_what_its_group_may_reach_and_gateways_are_told_nothing()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        var group = await flow.Scene.GroupAsync("Group");
        await flow.Scene.PolicyAsync(group, await flow.Scene.ResourceAsync("Wiki"));
        await flow.Scene.PolicyAsync(group, flow.Lab);
        await flow.ChangeAsync(
            $"insert into memberships (account_id, group_id, actor_id) values ({flow.Scene.Account}, {group}, {flow.Scene.AdaId})",
            ["resource_created_or_updated Wiki"]);
        var bob = await flow.Scene.ActorAsync("Bob");
        await flow.ChangeAsync($"insert into memberships (account_id, group_id, actor_id) values ({flow.Scene.Account}, {group}, {bob})");
    }

    [Fact]
    public async Task A_deleted_membership_takes_what_its_group_may_reach_from_clients_and_gateways()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        await flow.ChangeAsync($"delete from memberships where id = {flow.Membership}", ["resource_deleted Lab"], Rejected);
    }

    [Fact]
    public async Task A_deleted_membership_takes_nothing_from_clients_if_another_gives_it_too_and_access_is_renewed()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        await flow.SecondPolicyAsync();
        await flow.ChangeAsync($"delete from memberships where id = {flow.Membership}", [], Renewed);
    }

    [Fact]
    public async Task A_membership_of_somebody_else_concerns_nobody_else()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        var bob = await flow.Scene.ActorAsync("Bob");
        var membership = await flow.Scene.MemberAsync(flow.Own, bob);
        var bobs = await flow.Scene.ClientAsync("tablet", await flow.Scene.TokenAsync(bob));
        await bobs.FlowAsync(flow.Lab);
        await flow.Gateway.ExpectAsync("authorize_flow tablet Lab");
        await flow.ChangeAsync($"delete from memberships where id = {membership}", [], ["reject_access tablet Lab"]);
        await bobs.ReceivesAsync("resource_deleted Lab");
    }

    [Fact]
    public async Task A_deleted_group_goes_with_its_memberships_and_policies()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        await flow.ChangeAsync($"delete from groups where id = {flow.Own}", ["resource_deleted Lab"], Rejected);
    }

    [Fact]
    public async Task A_deleted_group_takes_nothing_from_clients_if_another_gives_it_too_and_access_is_renewed()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        await flow.Scene.PolicyAsync(flow.Scene.Everyone, flow.Lab);
        await flow.ChangeAsync($"delete from groups where id = {flow.Own}", [], Renewed);
    }
}
