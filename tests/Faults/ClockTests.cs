using Firezone.Faults.Running;
using Firezone.Membership.Node.Driving;

namespace Firezone.Faults;

/// <summary>Silos whose clocks disagree.</summary>
public sealed class ClockTests(FaultDatabase database) : IClassFixture<FaultDatabase>
{
    [Fact]
    [Trait("Form", "Long")]
    public async Task Silos_whose_clocks_are_three_minutes_apart_stay_together()
    {
        await using var cluster = new NodeCluster(Provider.Tested, database.ConnectionString);
        var right = await cluster.StartSilosAsync(2);
        var ahead = await cluster.StartSiloAsync(launch => launch with { ClockSkew = TimeSpan.FromMinutes(3) });
        var behind = await cluster.StartSiloAsync(launch => launch with { ClockSkew = TimeSpan.FromMinutes(-3) });
        NodeProcess[] all = [.. right, ahead, behind];
        await Task.WhenAll(all.Select(silo => silo.WhenViewAsync(view => view.HasExactly(all.Select(s => s.Silo)), 0, TimeSpan.FromSeconds(20))));

        // Longer than all periods: probes, heartbeats, the writing of "I am alive", the reading of the table, expiry of votes.
        await Watch.PassAsync(TimeSpan.FromSeconds(110), all);
        foreach (var observer in all)
            Watch.NobodyWasEvicted([observer], all, observer.Views.First(view => view.HasExactly(all.Select(s => s.Silo))).Time);
    }
}
