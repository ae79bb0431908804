using Firezone.Membership.Postgres.Table;
using Orleans;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Tests.Table;

/// <summary>Silos of this provider and of Orleans' ADO.NET provider on the same rows.</summary>
public sealed class MixedClusterTests(TableDatabase database) : IClassFixture<TableDatabase>
{
    private readonly string _cluster = TableDatabase.NewCluster();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rows_written_by_one_are_read_by_the_other(bool ours)
    {
        var (own, adoNet) = await StartAsync();
        var (writer, reader) = ours ? (own, adoNet) : (adoNet, own);

        var entry = await writer.AddAsync(Entries.New());
        Entries.AssertSame(entry, (await reader.ReadRowAsync(entry.SiloAddress)).Members[0].Item1);

        entry.Status = SiloStatus.Active;
        entry.IAmAliveTime = entry.IAmAliveTime.AddSeconds(1);
        entry.AddSuspector(Entries.Address(), Entries.Now());
        entry.AddSuspector(Entries.Address("fd00::42"), Entries.Now().AddMinutes(-1));
        var seen = await writer.ReadRowAsync(entry.SiloAddress);
        Assert.True(await writer.UpdateRowAsync(entry, seen.Members[0].Item2, seen.Version.Next()));

        var read = await reader.ReadAllAsync();
        Entries.AssertSame(entry, Assert.Single(read.Members).Item1);
        Assert.Equal((await writer.ReadAllAsync()).Version, read.Version);
        Assert.Equal(2, read.Version.Version);
    }

    [Fact]
    public async Task A_version_read_by_one_is_refused_after_a_write_of_the_other()
    {
        var (own, adoNet) = await StartAsync();
        var stale = (await own.ReadAllAsync()).Version;
        await adoNet.AddAsync(Entries.New());
        Assert.False(await own.InsertRowAsync(Entries.New(), stale.Next()));
        stale = (await adoNet.ReadAllAsync()).Version;
        await own.AddAsync(Entries.New());
        Assert.False(await adoNet.InsertRowAsync(Entries.New(), stale.Next()));
    }

    [Fact]
    public async Task Writers_of_both_kinds_reach_the_expected_version()
    {
        var (own, adoNet) = await StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(async () =>
        {
            var table = i % 2 == 0 ? own : adoNet;
            var entry = Entries.New();
            for (var attempt = 0; attempt < 500; attempt++)
            {
                if (await table.InsertRowAsync(entry, (await table.ReadAllAsync()).Version.Next()))
                    return;
            }
            Assert.Fail("The write never found its version.");
        })));
        Assert.Equal(20, (await own.ReadAllAsync()).Version.Version);
        Assert.Equal(20, (await adoNet.ReadAllAsync()).Members.Count);
    }

    [Fact]
    public async Task A_silo_declared_dead_is_dead_for_the_others_too()
    {
        var (own, adoNet) = await StartAsync();
        var entry = await adoNet.AddAsync(Entries.New(SiloStatus.Active));
        var by = Entries.Address();
        Assert.True(await ((PostgresMembershipTable)own).TryDeclareDeadAsync(SiloId.Of(entry.SiloAddress), by));
        var read = (await adoNet.ReadAllAsync()).Members[0].Item1;
        Assert.Equal(SiloStatus.Dead, read.Status);
        Assert.Equal(by, Assert.Single(read.SuspectTimes!).Item1);
    }

    private async Task<(IMembershipTable Own, IMembershipTable AdoNet)> StartAsync()
    {
        IMembershipTable own = await database.StartAsync(_cluster);
        return (own, await AdoNetTable.StartAsync(database.ConnectionString, _cluster));
    }
}
