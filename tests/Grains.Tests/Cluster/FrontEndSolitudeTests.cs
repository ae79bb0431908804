using Firezone.Grains.Abstractions.FrontEnds;

namespace Firezone.Grains.Tests.Cluster;

public sealed class FrontEndSolitudeTests(GrainClusterFixture fixture) : IClassFixture<GrainClusterFixture>
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    private readonly GrainCluster _cluster = fixture.Cluster;

    private IFrontEndDirectoryGrain Directory => _cluster.Client.GetGrain<IFrontEndDirectoryGrain>(0);

    [Fact]
    public async Task A_front_end_is_alone_until_another_one_comes_which_waits_until_the_first_has_been_told()
    {
        var (first, second, third) = (new FakeFrontEnd(), new FakeFrontEnd(), new FakeFrontEnd());
        var references = new[] { first, second, third }.ToDictionary(f => f.Id, f => _cluster.Client.CreateObjectReference<IFrontEndObserver>(f));

        // A directory that has just come up does not know yet who else is there.
        Assert.False(await IsAloneAsync(first));
        _cluster.Time.Advance(Lease + TimeSpan.FromSeconds(1));
        Assert.True(await IsAloneAsync(first));
        Assert.False((await Directory.Renew(first.Id, "first", "local", 0)).Alone); // Cannot be told.
        Assert.True(await IsAloneAsync(first));

        var told = new TaskCompletionSource();
        var handedOver = new TaskCompletionSource();
        first.OnShare = () =>
        {
            told.SetResult();
            return handedOver.Task;
        };
        var joins = IsAloneAsync(second);
        await told.Task.WaitAsync(TimeSpan.FromSeconds(60));
        var joinsToo = IsAloneAsync(third);
        Assert.False(await IsAloneAsync(first));
        Assert.False(joins.IsCompleted || joinsToo.IsCompleted);
        handedOver.SetResult();
        Assert.False(await joins);
        Assert.False(await joinsToo);

        await Directory.Leave(first.Id);
        Assert.False(await IsAloneAsync(second));
        await Directory.Leave(third.Id);
        Assert.True(await IsAloneAsync(second));

        // One that is dead is not waited for for long.
        second.OnShare = () => new TaskCompletionSource().Task;
        joins = IsAloneAsync(first);
        while (!joins.IsCompleted)
        {
            _cluster.Time.Advance(TimeSpan.FromMilliseconds(100));
            await Directory.GetView();
        }

        Assert.False(await joins);

        async Task<bool> IsAloneAsync(FakeFrontEnd frontEnd) =>
            (await Directory.Renew(frontEnd.Id, "front-end", "local", 0, references[frontEnd.Id])).Alone;
    }
}
