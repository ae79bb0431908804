using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace Firezone.Membership.Postgres.Tests.Simulation;

/// <summary>
/// Thousands of seeded schedules of faults. The first seed is drawn anew in each run and printed; MEMBERSHIP_SIM_SEED sets it, and
/// MEMBERSHIP_SIM_COUNT the number of schedules, so that both together replay one. Runs after the tests that may run in parallel: it keeps a processor busy for as long as it
/// takes, and others measure time.
/// </summary>
[CollectionDefinition(nameof(SimulationTests), DisableParallelization = true)]
[Collection(nameof(SimulationTests))]
public sealed class SimulationTests(ITestOutputHelper output)
{
    private static readonly string[] Rules =
    [
        "DeclareDead SessionLost", "DeclareDead MissedHeartbeats", "Vouched", "NoSecondOpinion", "Leaving",
        "Cleared SessionLost Answered", "Cleared SessionLost Heard", "Cleared SessionLost Withdrawn", "Cleared MissedHeartbeats Heard",
        "Cleared MissedHeartbeats Withdrawn", "Cleared MissedHeartbeats Dead",
    ];

    [Fact]
    public void No_schedule_of_faults_breaks_an_invariant()
    {
        var first = Number("MEMBERSHIP_SIM_SEED") ?? Random.Shared.Next(1_000_000_000);
        var count = Number("MEMBERSHIP_SIM_COUNT") ?? 2_000;
        output.WriteLine($"{count} schedules from seed {first}");
        var watch = Stopwatch.StartNew();
        var kills = new List<double>();
        var hosts = new List<double>();
        var taken = new SortedDictionary<string, int>();
        for (var seed = first; seed < first + count; seed++)
        {
            var schedule = new Schedule(seed, logs: false);
            try
            {
                schedule.Run();
            }
            catch (Exception failure)
            {
                Assert.Fail($"MEMBERSHIP_SIM_SEED={seed}: {failure.Message}\n{Replay(seed)}");
            }

            foreach (var (kind, times) in schedule.World.Taken)
                taken[kind] = taken.GetValueOrDefault(kind) + times;
            if (schedule.KillLatency is { } kill)
                kills.Add(kill.TotalMilliseconds);
            if (schedule.HostGoneLatency is { } gone)
                hosts.Add(gone.TotalMilliseconds);
        }

        output.WriteLine($"{count} schedules in {watch.Elapsed.TotalSeconds:0.0} s");
        output.WriteLine(string.Join('\n', taken.Select(kind => $"{kind.Value,9} {kind.Key}")));
        output.WriteLine($"killed, out of every view: {Summary(kills)}");
        output.WriteLine($"host gone, out of every view after the last heartbeat: {Summary(hosts)}");
        if (count < 2_000)
            return;
        foreach (var rule in Rules)
            Assert.True(taken.ContainsKey(rule), $"{rule} never came about: the schedules prove less than they should");
    }

    [Fact]
    public void A_seed_gives_the_same_events_each_time() => Assert.Equal(Replay(7), Replay(7));

    private static string Replay(int seed)
    {
        var schedule = new Schedule(seed, logs: true);
        try
        {
            schedule.Run();
        }
        catch (SimulationFailure failure)
        {
            schedule.World.Log!.Write(failure.Message);
        }

        return schedule.World.Log!.Tail(Number("MEMBERSHIP_SIM_LINES") ?? 200);
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Summary(List<double> milliseconds)
    {
        milliseconds.Sort();
        return milliseconds.Count == 0
            ? "none"
            : $"{milliseconds.Count} times, median {milliseconds[milliseconds.Count / 2]:0} ms, worst {milliseconds[^1]:0} ms";
    }
}
