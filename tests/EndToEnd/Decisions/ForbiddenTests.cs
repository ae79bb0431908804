using Firezone.EndToEnd.Processes;
using Firezone.EndToEnd.Scenes;
using static Firezone.EndToEnd.Scenes.Conditions;

namespace Firezone.EndToEnd.Decisions;

/// <summary>The moments between the end of a time range and the portal's taking the resource away.</summary>
[Collection(DecisionsCollection.Name)]
public sealed class ForbiddenTests(PortalFixture fixture)
{
    [Fact]
    public async Task From_the_end_of_its_range_on_a_flow_is_forbidden_with_what_every_policy_lacks_and_then_not_found()
    {
        if (await IsForbiddenBetweenAsync(fixture.Portal))
            return;

        // A portal looks once a second for ranges that have ended. When it does so in the second's first moment, nobody can ask before;
        // another process has another moment.
        var seen = false;
        while (!seen)
        {
            await using var portal = await Portal.CoHostedAsync();
            seen = await IsForbiddenBetweenAsync(portal);
        }
    }

    private static async Task<bool> IsForbiddenBetweenAsync(Portal portal)
    {
        await using var scene = await Scene.OpenAsync(portal);
        var lab = await scene.ResourceAsync("Lab");
        var zone = NoonZone.Now();
        var end = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 2);
        await scene.PolicyAsync(scene.Everyone, lab, Times(zone.Today($"9-{zone.Clock(end)}")));
        await scene.PolicyAsync(await scene.GroupAsync("A", scene.AdaId), lab, Region("FR"), Verified);
        await scene.PolicyAsync(await scene.GroupAsync("B", scene.AdaId), lab, Verified, Address("203.0.113.0/24"));
        var client = await scene.ClientAsync(with: c => c.In("DE"));
        Assert.Equal(["Lab"], client.Resources);

        // Without a gateway, what is granted is answered with offline.
        await Task.Delay(end - TimeProvider.System.GetUtcNow() - TimeSpan.FromMilliseconds(50), TimeProvider.System);
        var forbidden = false;
        while (true)
        {
            var asked = TimeProvider.System.GetUtcNow();
            await client.AskAsync(lab);
            var answer = await client.NextAsync();
            if (answer == "resource_deleted Lab")
                break;
            if (asked > end || answer != "flow_creation_failed Lab offline")
            {
                Assert.Equal("flow_creation_failed Lab forbidden", answer);
                Assert.Equal(
                    ["client_verified", "current_utc_datetime", "remote_ip", "remote_ip_location_region"],
                    client.Last["violated_properties"]!.AsArray().Select(p => p!.GetValue<string>()).Order(StringComparer.Ordinal));
                Assert.True(TimeProvider.System.GetUtcNow() > end);
                forbidden = true;
            }
        }

        await client.ExpectAsync("flow_creation_failed Lab not_found");
        Assert.True(TimeProvider.System.GetUtcNow() > end);
        return forbidden;
    }
}
