using Firezone.Grains.Abstractions.FrontEnds;
using Firezone.Grains.Abstractions.Operations;

namespace Firezone.Grains.Tests.Cluster;

public sealed class OperatorAnswersTests
{
    /// <summary>Orleans clients send answers through the silo that they use for the asking grain's id, whichever silo has asked.</summary>
    [Fact]
    public async Task What_a_front_end_answers_reaches_the_operator_whichever_silo_it_goes_through()
    {
        await using var cluster = await GrainCluster.StartAsync(silos: 2);
        var frontEnd = cluster.FrontEnd;
        var reference = cluster.Client.CreateObjectReference<IFrontEndObserver>(frontEnd);
        await cluster.Client.GetGrain<IFrontEndDirectoryGrain>(0).Renew(frontEnd.Id, "front-end", "local", 0, reference);

        var answers = await Task.WhenAll(cluster.Services<IGrainFactory>().SelectMany((silo, number) => Enumerable.Range(0, 16).Select(
            key => silo.GetGrain<IOperationsGrain>((number * 16) + key).GetDrain(frontEnd.Id.ToString()))));

        Assert.All(answers, answer => Assert.Equal((NodeReach.Answered, DrainPhase.Serving), (answer.Reach, answer.Value?.Phase)));
        // Orleans does not keep alive whom it calls.
        GC.KeepAlive(frontEnd);
    }
}
