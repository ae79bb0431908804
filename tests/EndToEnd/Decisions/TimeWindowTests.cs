using Firezone.EndToEnd.Processes;
using Firezone.EndToEnd.Scenes;
using Firezone.Storage.Postgres.Accounts;
using static Firezone.EndToEnd.Scenes.Conditions;

namespace Firezone.EndToEnd.Decisions;

/// <summary>Conditions on the time, seen in what is granted and until when. It is about noon in the zone of every range.</summary>
[Collection(DecisionsCollection.Name)]
public sealed class TimeWindowTests(PortalFixture fixture)
{
    private readonly NoonZone _zone = NoonZone.Now();

    [Fact]
    public Task A_time_is_written_in_hours_or_minutes_or_seconds_and_a_flow_ends_with_its_range() => GrantedUntilAsync(
        (_ => _zone.At(15), [Times(_zone.Today("9-15"))]),
        (_ => _zone.At(15, 30), [Times(_zone.Today("09:00-15:30"))]),
        (_ => _zone.At(15, 30, 20), [Times(_zone.Today("09:00:10-15:30:20"))]),
        (_ => _zone.At(15, 30, 20), [Times(_zone.Today("09:00:10.900-15:30:20.900"))]),
        (_ => _zone.At(23, 59, 59), [Times(_zone.Today("true"))]),
        (_ => _zone.At(16), [Times(_zone.Today("0-3", "8-16", "20-21"))]));

    [Fact]
    public Task Ranges_that_overlap_or_touch_are_one_range_and_others_are_not() => GrantedUntilAsync(
        (_ => _zone.At(14), [Times(_zone.Today("10:00-13:00", "12:45-14:00"))]),
        (_ => _zone.At(15), [Times(_zone.Today("13-15", "10-13"))]),
        (_ => _zone.At(15), [Times(_zone.Today("10-13"), _zone.Today("13-15"))]),
        (_ => _zone.At(13), [Times(_zone.Today("10:00:00-13:00:00", "13:00:01-15:00:00"))]),
        (_ => _zone.At(16), [Times(_zone.Today("8-16", "10-13"))]));

    [Fact]
    public Task A_policy_ends_with_the_earliest_end_of_its_conditions() => GrantedUntilAsync(
        (_ => _zone.At(13), [Times(_zone.Today("9-15")), Times(_zone.Today("10-13"))]),
        (_ => _zone.At(15), [Times(_zone.Today("9-15")), Not(Provider(Guid.NewGuid()))]),
        (_ => _zone.At(15), [Not(Provider(Guid.NewGuid())), Times(_zone.Today("9-15"))]),
        (scene => scene.AdaExpiresAt, [Not(Provider(Guid.NewGuid()))]));

    [Fact]
    public async Task Outside_of_every_range_the_condition_fails()
    {
        await using var scene = await SceneWithAsync(
            ("now", [_zone.Today("9-15")]),
            ("earlier and later", [_zone.Today("0-9", "15-23:59:59")]),
            ("never", [_zone.Today()]),
            ("other days", [.. _zone.OtherDays.Select(day => $"{day}/true/{_zone.Name}")]),
            ("all days", [.. "MTWRFSU".Select(day => $"{day}/true/{_zone.Name}")]));
        Assert.Equal(["all days", "now"], (await scene.ClientAsync()).Resources);
    }

    [Fact]
    public async Task The_day_is_the_one_of_the_ranges_zone()
    {
        var zone = NoonZone.OnAnotherDay();
        await using var scene = await SceneWithAsync(
            ("today there", [zone.Today("true")]),
            ("today in UTC, there", [$"{NoonZone.UtcDay}/true/{zone.Name}"]),
            ("a zone of a city", [.. "MTWRFSU".Select(day => $"{day}/true/America/Merida")]));
        Assert.Equal(["a zone of a city", "today there"], (await scene.ClientAsync()).Resources);
    }

    [Fact]
    public async Task An_unreadable_time_makes_its_condition_fail_whatever_stands_beside_it()
    {
        var good = _zone.Today("9-15");
        string[] bad =
        [
            _zone.Today("9"), _zone.Today("15-9"), _zone.Today("9-25"), _zone.Today("9:60-15"), _zone.Today("nine-15"), _zone.Today("9:00:00:00-15"),
            $"X/9-15/{_zone.Name}", $"{_zone.Day}/9-15/Mars/Base", $"{_zone.Day}/9-15", "", "true",
        ];
        await using var scene = await SceneWithAsync(
            [("good", [good]), .. bad.Select((value, i) => ($"bad {i}", new[] { good, value }))]);
        Assert.Equal(["good"], (await scene.ClientAsync()).Resources);
    }

    private async Task<Scene> SceneWithAsync(params (string Label, string[] Times)[] resources)
    {
        var scene = await Scene.OpenAsync(fixture.Portal);
        foreach (var (label, times) in resources)
            await scene.PolicyAsync(scene.Everyone, await scene.ResourceAsync(label), Times(times));
        return scene;
    }

    /// <summary>Makes a resource for each case, with one policy, and asks for a flow to each.</summary>
    private async Task GrantedUntilAsync(params (Func<Scene, DateTimeOffset> End, ConditionRow[] Conditions)[] cases)
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var resources = new List<Guid>();
        foreach (var (_, conditions) in cases)
        {
            resources.Add(await scene.ResourceAsync($"Resource {resources.Count}"));
            await scene.PolicyAsync(scene.Everyone, resources[^1], conditions);
        }

        var gateway = await scene.GatewayAsync();
        var client = await scene.ClientAsync();
        foreach (var (resource, expected) in resources.Zip(cases))
        {
            await client.FlowAsync(resource);
            var end = (await gateway.AuthorizedAsync())["expires_at"]!.GetValue<long>();
            Assert.Equal((resource, expected.End(scene).ToUnixTimeSeconds()), (resource, end));
        }
    }
}
