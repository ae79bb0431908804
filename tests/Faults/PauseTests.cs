using Firezone.Faults.Running;
using Firezone.Membership.Node.Driving;
using Xunit.Abstractions;

namespace Firezone.Faults;

/// <summary>Silos that stand still and keep their connections.</summary>
public sealed class PauseTests(FaultDatabase database, ITestOutputHelper output) : IClassFixture<FaultDatabase>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    [Fact]
    public async Task A_silo_that_stands_still_for_two_seconds_stays()
    {
        await using var cluster = new NodeCluster(Provider.Tested, database.ConnectionString);
        var silos = await cluster.StartSilosAsync(3);
        var since = NodeProcess.Now();
        silos[0].Signal(NodeSignal.Stop);
        await Watch.PassAsync(TimeSpan.FromSeconds(2), silos);
        silos[0].Signal(NodeSignal.Continue);
        await Watch.PassAsync(TimeSpan.FromSeconds(2), silos);
        Watch.NobodyWasEvicted(silos, silos, since);
    }

    [Fact]
    [Trait("Form", "Long")]
    public async Task A_silo_that_stands_still_for_good_is_evicted_within_twenty_seconds()
    {
        await using var cluster = new NodeCluster(Provider.Tested, database.ConnectionString);
        var silos = await cluster.StartSilosAsync(3);
        var name = silos[0].Silo;
        var stopped = silos[0].Signal(NodeSignal.Stop);
        var gone = await Task.WhenAll(silos.Skip(1).Select(silo => silo.WhenViewAsync(view => view.IsGone(name), stopped, Patience)));
        var took = Watch.Milliseconds(stopped, gone.Max());
        output.WriteLine($"evicted after {took:0} ms");
        Assert.InRange(took, 0, 20_000);

        // When it goes on, it learns that it was declared dead, and ends.
        silos[0].Signal(NodeSignal.Continue);
        Assert.NotEqual(0, await silos[0].ExitAsync(Patience));
    }
}
