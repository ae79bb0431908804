using System.Collections.Concurrent;
using System.Diagnostics;
using Firezone.EndToEnd.Processes;
using Firezone.Shared;
using Xunit.Abstractions;

namespace Firezone.EndToEnd.Replicas;

/// <summary>A replica that shows what was committed a while ago.</summary>
[Collection(ReplicasCollection.Name)]
public sealed class FreshnessTests(ITestOutputHelper output)
{
    /// <summary>Far beyond what is waited for, and within.</summary>
    [Theory]
    [InlineData(500, 200)]
    [InlineData(20, 50)]
    public async Task Who_reconnects_right_after_a_change_or_a_grant_finds_it(int delayMilliseconds, int runs)
    {
        await using var replicated = await ReplicatedPortal.StartAsync(output);
        var (cluster, portal) = (replicated.Cluster, replicated.Portal);
        await cluster.Standby.SetReplayDelayAsync(TimeSpan.FromMilliseconds(delayMilliseconds));
        await cluster.ResetStatementsAsync();

        var first = Random.Shared.Next();
        var (failures, inits) = (new ConcurrentBag<string>(), 0);
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(first, first + runs, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (seed, _) =>
        {
            await using var run = await FreshnessRun.OpenAsync(portal, seed);
            if (await run.PlayAsync() is { } failure)
                failures.Add($"seed {seed}: {failure}");
            Interlocked.Add(ref inits, run.Inits);
        });

        var (primary, replica) = (await Statements.OfAsync(cluster.Primary), await Statements.OfAsync(cluster.Standby));
        output.WriteLine($"seeds {first} to {first + runs - 1}: {inits} inits in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s; "
            + $"reads: {primary.Reads} on the primary, {replica.Reads} on the replica\n{replica.Describe()}");
        foreach (var failure in failures)
            output.WriteLine(failure);
        Assert.Empty(failures);
        // Else the delay would have proved nothing.
        Assert.NotEqual(0, replica.Total);
    }
}
