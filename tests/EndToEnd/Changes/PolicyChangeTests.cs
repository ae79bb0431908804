using Firezone.EndToEnd.Processes;
using Firezone.EndToEnd.Scenes;

namespace Firezone.EndToEnd.Changes;

/// <summary>What clients and gateways are told when policies change.</summary>
[Collection(ChangesCollection.Name)]
public sealed class PolicyChangeTests(PortalFixture fixture)
{
    private const string Conforming = """[{"property":"client_verified","operator":"is","values":["false"]}]""";
    private const string Failing = """[{"property":"client_verified","operator":"is","values":["true"]}]""";
    private static readonly string[] Deleted = ["resource_deleted Lab"];
    private static readonly string[] DeletedAndCreated = ["resource_deleted Lab", "resource_created_or_updated Lab"];
    private static readonly string[] Rejected = ["reject_access laptop Lab"];
    private static readonly string[] Renewed = ["access_authorization_expiry_updated laptop Lab"];

    [Fact]
    public async Task A_created_or_enabled_policy_adds_its_resource_for_clients_and_gateways_are_told_nothing()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        var (wiki, shop) = (await flow.Scene.ResourceAsync("Wiki"), await flow.Scene.ResourceAsync("Shop"));
        await flow.ChangeAsync(
            $"insert into policies (account_id, group_id, resource_id) values ({flow.Scene.Account}, {flow.Own}, {wiki})",
            ["resource_created_or_updated Wiki"]);
        await flow.ChangeAsync(
            $"insert into policies (account_id, group_id, resource_id, disabled_at) values ({flow.Scene.Account}, {flow.Own}, {shop}, now())");
        await flow.ChangeAsync($"update policies set disabled_at = null where resource_id = {shop}", ["resource_created_or_updated Shop"]);
        await flow.ChangeAsync(
            $"insert into policies (account_id, group_id, resource_id) values ({flow.Scene.Account}, {flow.Scene.Everyone}, {shop})");
    }

    [Theory]
    [InlineData("delete from policies where id = {0}")]
    [InlineData("update policies set disabled_at = now() where id = {0}")]
    public async Task A_deleted_or_disabled_policy_takes_its_resource_from_clients_and_its_access_from_gateways(string change)
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        await flow.ChangeAsync(Sql(change, flow.Policy), Deleted, Rejected);
        Assert.Equal("not_found", await flow.Client.RefusedAsync(flow.Lab));
    }

    [Theory]
    [InlineData("delete from policies where id = {0}")]
    [InlineData("update policies set disabled_at = now() where id = {0}")]
    public async Task A_deleted_or_disabled_policy_changes_nothing_for_clients_if_another_grants_and_access_is_renewed(string change)
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        await flow.SecondPolicyAsync();
        await flow.ChangeAsync(Sql(change, flow.Policy), [], Renewed);
    }

    [Fact]
    public async Task A_policy_moved_to_another_group_is_deleted_and_then_created_where_access_remains()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        var second = await flow.Scene.GroupAsync("Second", flow.Scene.AdaId);
        await flow.ChangeAsync($"update policies set group_id = {second} where id = {flow.Policy}", DeletedAndCreated, Renewed);
        var others = await flow.Scene.GroupAsync("Others");
        await flow.ChangeAsync($"update policies set group_id = {others} where id = {flow.Policy}", Deleted, Rejected);
        await flow.ChangeAsync($"update policies set group_id = {second} where id = {flow.Policy}", ["resource_created_or_updated Lab"]);
    }

    [Fact]
    public async Task A_policy_moved_to_another_resource_takes_the_one_and_then_gives_the_other()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        var wiki = await flow.Scene.ResourceAsync("Wiki");
        await flow.ChangeAsync(
            $"update policies set resource_id = {wiki} where id = {flow.Policy}",
            ["resource_deleted Lab", "resource_created_or_updated Wiki"],
            Rejected);
    }

    [Fact]
    public async Task A_policy_with_other_conditions_is_deleted_and_then_created_where_access_remains()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        await flow.ChangeAsync($"update policies set conditions = {Conforming}::jsonb where id = {flow.Policy}", DeletedAndCreated, Renewed);
        await flow.ChangeAsync($"update policies set conditions = {Failing}::jsonb where id = {flow.Policy}", Deleted, Rejected);
    }

    [Fact]
    public async Task A_changed_policy_changes_nothing_for_clients_if_an_unchanged_one_grants_and_access_is_renewed()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        await flow.SecondPolicyAsync();
        await flow.ChangeAsync($"update policies set conditions = {Failing}::jsonb where id = {flow.Policy}", [], Renewed);
        await flow.ChangeAsync($"update policies set conditions = {Conforming}::jsonb where id = {flow.Policy}");
    }

    [Fact]
    public async Task A_disabled_policy_that_changes_changes_nothing()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        var second = await flow.SecondPolicyAsync();
        await flow.ChangeAsync($"update policies set disabled_at = now() where id = {second}");
        await flow.ChangeAsync($"update policies set conditions = {Failing}::jsonb where id = {second}");
    }

    [Fact]
    public async Task A_described_policy_changes_nothing()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        await flow.ChangeAsync($"update policies set description = 'For the laboratory' where id = {flow.Policy}");
    }

    private static FormattableString Sql(string change, Guid id) => System.Runtime.CompilerServices.FormattableStringFactory.Create(change, id);
}
