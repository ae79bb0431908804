using Microsoft.Extensions.Time.Testing;
using Orleans;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Tests.Table;

/// <summary>Silos whose clocks are off read and write rows as if they were not.</summary>
public sealed class ClockSkewTests(TableDatabase database) : IClassFixture<TableDatabase>
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(3);
    private readonly string _cluster = TableDatabase.NewCluster();

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task What_a_silo_with_a_wrong_clock_writes_is_right_for_the_others(int sign)
    {
        var sane = await database.StartAsync(_cluster);
        var clock = new SkewedClock(sign * Skew);
        var skewed = await database.StartAsync(_cluster, clock);

        var entry = Entries.New(SiloStatus.Active, time: clock);
        entry.AddSuspector(Entries.Address(), Entries.Now(clock));
        await skewed.AddAsync(entry);
        AssertNear(entry, (await sane.ReadAllAsync()).Members[0].Item1, sign * Skew);
        AssertNear(entry, (await skewed.ReadAllAsync()).Members[0].Item1, TimeSpan.Zero);

        entry.IAmAliveTime = Entries.Now(clock);
        await skewed.UpdateIAmAliveAsync(entry);
        AssertNear(entry, (await sane.ReadAllAsync()).Members[0].Item1, sign * Skew);
    }

    [Fact]
    public async Task A_silo_with_a_wrong_clock_sees_the_others_signs_of_life_as_fresh()
    {
        var sane = await database.StartAsync(_cluster);
        var entry = await sane.AddAsync(Entries.New(SiloStatus.Active));
        foreach (var skew in new[] { Skew, -Skew })
        {
            var clock = new FakeTimeProvider(DateTimeOffset.UtcNow + skew);
            var skewed = await database.StartAsync(_cluster, clock);
            AssertNear(entry, (await skewed.ReadAllAsync()).Members[0].Item1, -skew);
        }
    }

    [Fact]
    public async Task Times_survive_being_read_and_written_back_by_silos_with_different_clocks()
    {
        var sane = await database.StartAsync(_cluster);
        var skewed = await database.StartAsync(_cluster, new SkewedClock(-Skew));
        var entry = Entries.New(SiloStatus.Active);
        entry.AddSuspector(Entries.Address(), Entries.Now());
        await sane.AddAsync(entry);
        for (var i = 0; i < 5; i++)
        {
            foreach (var table in new IMembershipTable[] { skewed, sane })
            {
                var data = await table.ReadAllAsync();
                Assert.True(await table.UpdateRowAsync(data.Members[0].Item1, data.Members[0].Item2, data.Version.Next()));
            }
        }
        Entries.AssertSame(entry, (await sane.ReadAllAsync()).Members[0].Item1);
    }

    [Fact]
    public async Task Cleanup_goes_by_the_database_clock()
    {
        var sane = await database.StartAsync(_cluster);
        await sane.AddAsync(Entries.New(SiloStatus.Dead, age: TimeSpan.FromMinutes(1)));
        var clock = new SkewedClock(Skew);
        var skewed = await database.StartAsync(_cluster, clock);

        await skewed.CleanupDefunctSiloEntriesAsync(clock.GetUtcNow() - TimeSpan.FromMinutes(2));
        Assert.Single((await sane.ReadAllAsync()).Members);
        await skewed.CleanupDefunctSiloEntriesAsync(clock.GetUtcNow() - TimeSpan.FromSeconds(30));
        Assert.Empty((await sane.ReadAllAsync()).Members);
    }

    private static void AssertNear(MembershipEntry written, MembershipEntry read, TimeSpan writerAhead)
    {
        // A second of tolerance for the clock, one for the rounding, and one for a slow machine.
        var error = TimeSpan.FromSeconds(3);
        Assert.Equal(written.StartTime - writerAhead, read.StartTime, error);
        Assert.Equal(written.IAmAliveTime - writerAhead, read.IAmAliveTime, error);
        foreach (var (w, r) in (written.SuspectTimes ?? []).Zip(read.SuspectTimes ?? []))
            Assert.Equal(w.Item2 - writerAhead, r.Item2, error);
    }
}
