using Firezone.EndToEnd.Processes;
using Firezone.EndToEnd.Scenes;
using static Firezone.EndToEnd.Scenes.Conditions;

namespace Firezone.EndToEnd.Changes;

/// <summary>What is told when nothing but the time changes.</summary>
[Collection(ChangesCollection.Name)]
public sealed class TimeChangeTests(PortalFixture fixture)
{
    [Fact]
    public async Task A_range_that_begins_and_ends_gives_the_resource_to_clients_and_takes_it_and_gateways_are_told_nothing()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        var wiki = await flow.Scene.ResourceAsync("Wiki");
        var zone = NoonZone.Now();
        var start = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 2);
        var end = start + TimeSpan.FromSeconds(3);
        await flow.Scene.PolicyAsync(flow.Own, wiki, Times(zone.Today($"{zone.Clock(start)}-{zone.Clock(end)}")));

        await flow.Client.ExpectAsync("resource_created_or_updated Wiki");
        Assert.True(TimeProvider.System.GetUtcNow() >= start);
        await flow.Client.FlowAsync(wiki);
        Assert.Equal(end.ToUnixTimeSeconds(), (await flow.Gateway.AuthorizedAsync())["expires_at"]!.GetValue<long>());

        await flow.Client.ExpectAsync("resource_deleted Wiki");
        Assert.True(TimeProvider.System.GetUtcNow() > end);
        await flow.PushedAsync();
        Assert.Equal("not_found", await flow.Client.RefusedAsync(wiki));
    }
}
