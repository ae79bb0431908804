using Firezone.EndToEnd.Processes;
using Firezone.EndToEnd.Scenes;
using Firezone.Storage.Postgres.Accounts;
using static Firezone.EndToEnd.Scenes.Conditions;

namespace Firezone.EndToEnd.Decisions;

/// <summary>What the conditions of policies let through. Resources are called after the condition of their one policy.</summary>
[Collection(DecisionsCollection.Name)]
public sealed class ConditionTests(PortalFixture fixture)
{
    [Fact]
    public async Task A_region_is_among_the_values_or_not()
    {
        await using var scene = await SceneWithAsync(
            ("in DE", Region("DE")), ("in FR, DE", Region("FR", "DE")), ("in FR", Region("FR")),
            ("not in DE", Not(Region("DE"))), ("not in FR, US", Not(Region("FR", "US"))));
        var client = await scene.ClientAsync(with: c => c.In("DE"));
        Assert.Equal(["in DE", "in FR, DE", "not in FR, US"], client.Resources);
    }

    [Fact]
    public async Task An_unknown_region_fails_both_operators()
    {
        await using var scene = await SceneWithAsync(("in DE", Region("DE")), ("not in DE", Not(Region("DE"))));
        var client = await scene.ClientAsync();
        Assert.Empty(client.Resources);
    }

    [Theory]
    [InlineData("203.0.113.7", "in 203.0.113.0/24", "in 203.0.113.7", "not in v6")]
    [InlineData("203.0.114.7", "not in v4", "not in v6")]
    [InlineData("2001:db8::7", "in 2001:db8::/32", "not in v4")]
    public async Task An_address_is_inside_a_range_or_not_and_families_never_match_each_other(string address, params string[] expected)
    {
        await using var scene = await SceneWithAsync(
            ("in 203.0.113.0/24", Address("198.51.100.0/24", "203.0.113.0/24")),
            ("in 203.0.113.7", Address("203.0.113.7")),
            ("in 2001:db8::/32", Address("2001:db8::/32")),
            ("not in v4", Not(Address("203.0.113.0/24"))),
            ("not in v6", Not(Address("2001:db8::/32"))));
        var client = await scene.ClientAsync(with: c => c.From(address));
        Assert.Equal(expected, client.Resources);
    }

    [Fact]
    public async Task The_whole_of_one_family_holds_no_address_of_the_other()
    {
        await using var scene = await SceneWithAsync(("all of v6", Address("::/0")), ("all of v4", Address("0.0.0.0/0")));
        Assert.Equal(["all of v4"], (await scene.ClientAsync("one", with: c => c.From("203.0.113.7"))).Resources);
        Assert.Equal(["all of v6"], (await scene.ClientAsync("two", with: c => c.From("2001:db8::7"))).Resources);
    }

    [Fact]
    public async Task An_identity_provider_is_among_the_values_or_not_and_a_token_without_one_is_among_none()
    {
        var (okta, entra) = (Guid.NewGuid(), Guid.NewGuid());
        await using var scene = await SceneWithAsync(
            ("in both", Provider(entra, okta)), ("in okta", Provider(okta)), ("in entra", Provider(entra)),
            ("not in okta", Not(Provider(okta))), ("not in entra", Not(Provider(entra))));
        var user = await scene.ClientAsync("user", await scene.TokenAsync(scene.AdaId, provider: okta));
        Assert.Equal(["in both", "in okta", "not in entra"], user.Resources);
        var headless = await scene.ClientAsync("headless");
        Assert.Equal(["not in entra", "not in okta"], headless.Resources);
    }

    [Fact]
    public async Task A_client_must_be_verified_only_where_the_value_is_true()
    {
        await using var scene = await SceneWithAsync(("verified", Verified), ("any", Verified with { Values = ["false"] }));
        var client = await scene.ClientAsync();
        Assert.Equal(["any"], client.Resources);

        await scene.SqlAsync($"update clients set verified_at = now() where id = {client.Id}");
        var again = await scene.ClientAsync();
        Assert.Equal(["any", "verified"], again.Resources);
    }

    [Fact]
    public async Task All_conditions_of_a_policy_must_pass()
    {
        await using var scene = await SceneWithAsync(
            ("both", [Region("DE"), Address("203.0.113.0/24")]),
            ("first", [Region("DE"), Address("198.51.100.0/24")]),
            ("second", [Region("FR"), Address("203.0.113.0/24")]));
        var client = await scene.ClientAsync(with: c => c.In("DE").From("203.0.113.7"));
        Assert.Equal(["both"], client.Resources);
    }

    [Fact]
    public async Task A_policy_without_conditions_passes_always()
    {
        await using var scene = await SceneWithAsync(("open", []));
        Assert.Equal(["open"], (await scene.ClientAsync()).Resources);
    }

    [Fact]
    public async Task An_unreadable_value_makes_its_condition_fail_whatever_stands_beside_it()
    {
        await using var scene = await SceneWithAsync(
            ("address", Address("203.0.113.0/24", "nonsense")),
            ("not address", Not(Address("nonsense"))),
            ("no property", new ConditionRow("colour", "is_in", ["red"])),
            ("no operator", new ConditionRow("remote_ip", "is_near", ["203.0.113.7"])),
            ("good", Address("203.0.113.0/24")));
        var client = await scene.ClientAsync(with: c => c.From("203.0.113.7"));
        Assert.Equal(["good"], client.Resources);
    }

    [Fact]
    public async Task A_client_keeps_the_conditions_of_its_connect_until_it_connects_again()
    {
        await using var scene = await SceneWithAsync(("in DE", Region("DE")), ("in FR", Region("FR")));
        var client = await scene.ClientAsync(with: c => c.In("DE"));
        Assert.Equal(["in DE"], client.Resources);
        var again = await scene.ClientAsync(with: c => c.In("FR"));
        Assert.Equal(["in FR"], again.Resources);
    }

    private Task<Scene> SceneWithAsync(params (string Label, ConditionRow Condition)[] resources) =>
        SceneWithAsync([.. resources.Select(r => (r.Label, new[] { r.Condition }))]);

    private async Task<Scene> SceneWithAsync(params (string Label, ConditionRow[] Conditions)[] resources)
    {
        var scene = await Scene.OpenAsync(fixture.Portal);
        foreach (var (label, conditions) in resources)
            await scene.PolicyAsync(scene.Everyone, await scene.ResourceAsync(label), conditions);
        return scene;
    }
}
