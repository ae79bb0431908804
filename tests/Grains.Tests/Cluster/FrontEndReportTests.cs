using Firezone.Grains.Abstractions.FrontEnds;

namespace Firezone.Grains.Tests.Cluster;

public sealed class FrontEndReportTests(GrainClusterFixture fixture) : IClassFixture<GrainClusterFixture>
{
    private readonly GrainCluster _cluster = fixture.Cluster;

    private IFrontEndDirectoryGrain Directory => _cluster.Client.GetGrain<IFrontEndDirectoryGrain>(0);

    [Fact]
    public async Task Front_ends_that_do_not_answer_are_shown_without_a_report_and_not_waited_for()
    {
        var (good, broken, silent) = (new FakeFrontEnd(), new FakeFrontEnd(), new FakeFrontEnd());
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        good.OnReport = () =>
        {
            asked.SetResult();
            return Task.FromResult(new FrontEndReport("1.2.3", "ready", 3, 2, 1, [new("granted", 60, 1)], [], false, 0, 64, 0));
        };
        broken.OnReport = () => throw new InvalidOperationException("broken");
        silent.OnReport = () => new TaskCompletionSource<FrontEndReport>().Task;
        var reference = _cluster.Client.CreateObjectReference<IFrontEndObserver>(good);
        await Directory.Renew(good.Id, "good", "local", 6, reference);
        foreach (var (frontEnd, name) in ((FakeFrontEnd, string)[])[(broken, "broken"), (silent, "silent")])
            await Directory.Renew(frontEnd.Id, name, "local", 6, _cluster.Client.CreateObjectReference<IFrontEndObserver>(frontEnd));
        await Directory.Renew(Guid.NewGuid(), "old", "local", 4);

        var asking = Directory.GetReports();
        // No time passes before its answer is there: it answers one question after the other, and then the directory has its turn.
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await reference.GetDrain();
        await Directory.GetView();
        while (!asking.IsCompleted)
        {
            _cluster.Time.Advance(TimeSpan.FromMilliseconds(100));
            await Directory.GetView();
        }

        var sights = (await asking).ToDictionary(s => s.Name);
        Assert.Equal(4, sights.Count);
        Assert.Equal("1.2.3", sights["good"].Report!.Version);
        Assert.Equal(("local", 6), (sights["good"].Region, sights["good"].Sessions));
        Assert.All((string[])["broken", "silent", "old"], name => Assert.Null(sights[name].Report));
        // Orleans does not keep those alive whom it calls.
        GC.KeepAlive((good, broken, silent));
    }
}
