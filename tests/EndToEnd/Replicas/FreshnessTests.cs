using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Firezone.EndToEnd.Processes;
using Firezone.Shared;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Firezone.EndToEnd.Replicas;

/// <summary>A replica that shows what was committed a while ago. The portal of each test has the same servers.</summary>
public sealed class FreshnessTests(PostgresCluster cluster, ITestOutputHelper output) : IClassFixture<PostgresCluster>
{
    /// <summary>Far beyond what is waited for, so that the primary answers; and within, so that the replica does when it may.</summary>
    [Theory]
    [InlineData(500, 100, 50)]
    [InlineData(250, 2_000, 16)]
    [InlineData(20, 100, 50)]
    public Task Who_reconnects_right_after_a_change_or_a_grant_finds_it(int delayMilliseconds, int waitMilliseconds, int runs) =>
        PlayAsync(delayMilliseconds, waitMilliseconds, runs);

    [Theory]
    [InlineData(500, 100, 200)]
    [InlineData(500, 2_000, 60)]
    [Trait("Form", "Long")]
    public Task Of_many_who_reconnect_right_after_a_change_or_a_grant_all_find_it(int delayMilliseconds, int waitMilliseconds, int runs) =>
        PlayAsync(delayMilliseconds, waitMilliseconds, runs);

    private async Task PlayAsync(int delayMilliseconds, int waitMilliseconds, int runs)
    {
        var wait = TimeSpan.FromMilliseconds(waitMilliseconds).ToString("c", CultureInfo.InvariantCulture);
        await using var replicated = await ReplicatedPortal.StartOnAsync(cluster, output, ("Replica__MaxWait", wait));
        var portal = replicated.Portal;
        await cluster.Standby.SetReplayDelayAsync(TimeSpan.FromMilliseconds(delayMilliseconds));
        await cluster.ResetStatementsAsync();

        var first = Random.Shared.Next();
        var (failures, inits) = (new ConcurrentBag<string>(), 0);
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(first, first + runs, new ParallelOptions { MaxDegreeOfParallelism = waitMilliseconds > delayMilliseconds ? 16 : 4 }, async (seed, _) =>
        {
            try
            {
                await using var run = await FreshnessRun.OpenAsync(portal, seed);
                if (await run.PlayAsync() is { } failure)
                    failures.Add($"seed {seed}: {failure}");
                Interlocked.Add(ref inits, run.Inits);
            }
            catch (Exception e) when (e is XunitException or IOException or TimeoutException or InvalidOperationException)
            {
                failures.Add($"seed {seed}: {e.Message}");
            }
        });

        var (primary, replica) = (await Statements.OfAsync(cluster.Primary), await Statements.OfAsync(cluster.Standby));
        output.WriteLine($"seeds {first} to {first + runs - 1}: {inits} inits in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s; "
            + $"reads: {primary.Reads} on the primary, {replica.Reads} on the replica\n{replica.Describe()}");
        foreach (var failure in failures)
            output.WriteLine(failure);
        Assert.Empty(failures);
        // Else the delay would have proved nothing.
        if (waitMilliseconds > delayMilliseconds)
            Assert.NotEqual(0, replica.Reads);
    }
}
