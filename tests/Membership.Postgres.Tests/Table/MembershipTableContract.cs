using Orleans;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Tests.Table;

/// <summary>What Orleans expects of any membership table.</summary>
public abstract class MembershipTableContract(TableDatabase database) : IClassFixture<TableDatabase>
{
    protected string Cluster { get; } = TableDatabase.NewCluster();

    protected TableDatabase Database => database;

    /// <summary>A table as a process of its own would have it; not initialised.</summary>
    protected abstract Task<IMembershipTable> OpenAsync(string cluster);

    [Fact]
    public async Task It_is_initialised_any_number_of_times()
    {
        var table = await OpenAsync(Cluster);
        await table.InitializeMembershipTableAsync(true);
        await table.InitializeMembershipTableAsync(true);
        await (await OpenAsync(Cluster)).InitializeMembershipTableAsync(true);

        var data = await table.ReadAllAsync();
        Assert.Empty(data.Members);
        Assert.Equal(0, data.Version.Version);
        Assert.Equal("0", data.Version.VersionEtag);
    }

    [Fact]
    public async Task A_row_is_inserted_at_the_expected_version_and_only_once()
    {
        var table = await StartAsync();
        var entry = Entries.New();
        var version = (await table.ReadAllAsync()).Version;
        Assert.True(await table.InsertRowAsync(entry, version.Next()));
        Assert.False(await table.InsertRowAsync(Entries.New(), version.Next()));

        var data = await table.ReadAllAsync();
        Assert.Equal(1, data.Version.Version);
        Entries.AssertSame(entry, Assert.Single(data.Members).Item1);
        Assert.False(await table.InsertRowAsync(entry, data.Version.Next()));
        Assert.Equal(data.Version, (await table.ReadAllAsync()).Version);
    }

    [Fact]
    public async Task A_row_is_updated_only_at_the_version_that_was_read()
    {
        var table = await StartAsync();
        var entry = await table.AddAsync(Entries.New());
        var old = await table.ReadRowAsync(entry.SiloAddress);

        entry.Status = SiloStatus.Active;
        entry.IAmAliveTime = entry.IAmAliveTime.AddSeconds(3);
        entry.AddSuspector(Entries.Address(), Entries.Now());
        entry.AddSuspector(Entries.Address("fd00::1:2"), Entries.Now().AddSeconds(-5));
        Assert.True(await table.UpdateRowAsync(entry, old.Members[0].Item2, old.Version.Next()));

        var updated = await table.ReadRowAsync(entry.SiloAddress);
        Assert.Equal(2, updated.Version.Version);
        Entries.AssertSame(entry, updated.Members[0].Item1);

        var late = Entries.New(SiloStatus.Dead, entry.SiloAddress);
        Assert.False(await table.UpdateRowAsync(late, updated.Members[0].Item2, old.Version.Next()));
        Assert.False(await table.UpdateRowAsync(late, old.Members[0].Item2, updated.Version.Next()));
        var unchanged = await table.ReadRowAsync(entry.SiloAddress);
        Assert.Equal(updated.Version, unchanged.Version);
        Entries.AssertSame(entry, unchanged.Members[0].Item1);
    }

    [Fact]
    public async Task An_update_of_a_row_that_is_not_there_changes_nothing()
    {
        var table = await StartAsync();
        var version = (await table.ReadAllAsync()).Version;
        Assert.False(await table.UpdateRowAsync(Entries.New(), "none", version.Next()));
        Assert.Equal(version, (await table.ReadAllAsync()).Version);
    }

    [Fact]
    public async Task Reading_a_row_that_is_not_there_gives_the_version()
    {
        var table = await StartAsync();
        await table.AddAsync(Entries.New());
        var data = await table.ReadRowAsync(Entries.Address());
        Assert.Empty(data.Members);
        Assert.Equal(1, data.Version.Version);
        Assert.Null(data.TryGet(Entries.Address()));
    }

    [Fact]
    public async Task All_rows_are_read_at_one_version()
    {
        var table = await StartAsync();
        var entries = new List<MembershipEntry>();
        foreach (var status in Enum.GetValues<SiloStatus>().Where(status => status != SiloStatus.None))
            entries.Add(await table.AddAsync(Entries.New(status)));

        var data = await table.ReadAllAsync();
        Assert.Equal(entries.Count, data.Version.Version);
        Assert.Equal(entries.Count, data.Members.Count);
        foreach (var entry in entries)
            Entries.AssertSame(entry, data.TryGet(entry.SiloAddress)!.Item1);
    }

    [Fact]
    public async Task A_sign_of_life_changes_neither_the_version_nor_the_etag()
    {
        var table = await StartAsync();
        var entry = await table.AddAsync(Entries.New(SiloStatus.Active));
        var before = await table.ReadRowAsync(entry.SiloAddress);

        entry.IAmAliveTime = entry.IAmAliveTime.AddMinutes(1);
        await table.UpdateIAmAliveAsync(entry);
        var after = await table.ReadRowAsync(entry.SiloAddress);
        Assert.Equal(before.Version, after.Version);
        Assert.Equal(before.Members[0].Item2, after.Members[0].Item2);
        Entries.AssertSame(entry, after.Members[0].Item1);
        Assert.True(await table.UpdateRowAsync(entry, before.Members[0].Item2, before.Version.Next()));
    }

    [Fact]
    public async Task A_sign_of_life_of_an_unknown_silo_adds_nothing()
    {
        var table = await StartAsync();
        await table.UpdateIAmAliveAsync(Entries.New());
        Assert.Empty((await table.ReadAllAsync()).Members);
    }

    [Fact]
    public async Task Of_concurrent_updates_at_one_version_exactly_one_wins()
    {
        var table = await StartAsync();
        var entry = await table.AddAsync(Entries.New(SiloStatus.Active));
        for (var round = 0; round < 5; round++)
        {
            var data = await table.ReadAllAsync();
            var etag = data.Members[0].Item2;
            var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
            {
                var change = data.Members[0].Item1;
                var copy = Entries.New(SiloStatus.Active, change.SiloAddress);
                copy.AddSuspector(Entries.Address(), Entries.Now());
                return await table.UpdateRowAsync(copy, etag, data.Version.Next());
            })));
            Assert.Equal(1, results.Count(won => won));
        }
        Assert.Equal(6, (await table.ReadAllAsync()).Version.Version);
    }

    [Fact]
    public async Task Parallel_writers_reach_the_expected_version()
    {
        const int Writers = 20;
        var table = await StartAsync();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
        {
            var entry = Entries.New();
            await RetryAsync(async () => await table.InsertRowAsync(entry, (await table.ReadAllAsync()).Version.Next()));
            await RetryAsync(async () =>
            {
                var data = await table.ReadRowAsync(entry.SiloAddress);
                var (row, etag) = data.Members[0];
                row.Status = SiloStatus.Active;
                return await table.UpdateRowAsync(row, etag, data.Version.Next());
            });
        })));
        var all = await table.ReadAllAsync();
        Assert.Equal(2 * Writers, all.Version.Version);
        Assert.Equal(Writers, all.Members.Count(member => member.Item1.Status == SiloStatus.Active));
    }

    [Fact]
    public async Task Cleanup_removes_only_old_entries_that_are_not_active()
    {
        var table = await StartAsync();
        var other = await OpenAsync(TableDatabase.NewCluster());
        await other.InitializeMembershipTableAsync(true);
        var age = TimeSpan.FromDays(10);
        var kept = new[]
        {
            await table.AddAsync(Entries.New(SiloStatus.Active, age: age)),
            await table.AddAsync(Entries.New(SiloStatus.Active)),
            await table.AddAsync(Entries.New(SiloStatus.Dead)),
            await table.AddAsync(Entries.New()),
        };
        await table.AddAsync(Entries.New(SiloStatus.Dead, age: age));
        await table.AddAsync(Entries.New(SiloStatus.Dead, age: age));
        await other.AddAsync(Entries.New(SiloStatus.Dead, age: age));

        await table.CleanupDefunctSiloEntriesAsync(new DateTimeOffset(Entries.Now() - TimeSpan.FromDays(1)));
        var left = await table.ReadAllAsync();
        Assert.Equal(6, left.Version.Version);
        Assert.Equal(kept.Select(e => e.SiloAddress).Order(), left.Members.Select(m => m.Item1.SiloAddress).Order());
        Assert.Single((await other.ReadAllAsync()).Members);
        await table.CleanupDefunctSiloEntriesAsync(DateTimeOffset.MinValue);
        Assert.Equal(4, (await table.ReadAllAsync()).Members.Count);
    }

    [Fact]
    public async Task Deleting_a_cluster_touches_no_other()
    {
        var table = await StartAsync();
        var otherCluster = TableDatabase.NewCluster();
        var other = await OpenAsync(otherCluster);
        await other.InitializeMembershipTableAsync(true);
        await table.AddAsync(Entries.New());
        await other.AddAsync(Entries.New());

        await table.DeleteMembershipTableEntriesAsync(otherCluster);
        await other.InitializeMembershipTableAsync(true);
        Assert.Single((await table.ReadAllAsync()).Members);
        Assert.Empty((await other.ReadAllAsync()).Members);
    }

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("::1")]
    [InlineData("fd12:3456:789a:bcde:f012:3456:789a:bcde")]
    [InlineData("::ffff:192.168.100.200")]
    public async Task Addresses_come_back_as_they_were(string ip)
    {
        var table = await StartAsync();
        var entry = await table.AddAsync(Entries.New(address: Entries.Address(ip)));
        entry.AddSuspector(Entries.Address(ip), Entries.Now());
        var (_, etag) = (await table.ReadRowAsync(entry.SiloAddress)).Members[0];
        Assert.True(await table.UpdateRowAsync(entry, etag, (await table.ReadAllAsync()).Version.Next()));
        Entries.AssertSame(entry, (await table.ReadAllAsync()).TryGet(entry.SiloAddress)!.Item1);
    }

    [Fact]
    public async Task A_silo_that_starts_again_is_another()
    {
        var table = await StartAsync();
        var first = await table.AddAsync(Entries.New(SiloStatus.Dead));
        var second = SiloAddress.New(first.SiloAddress.Endpoint, first.SiloAddress.Generation + 1);
        await table.AddAsync(Entries.New(SiloStatus.Active, second));
        Assert.Equal(SiloStatus.Dead, (await table.ReadRowAsync(first.SiloAddress)).Members[0].Item1.Status);
        Assert.Equal(SiloStatus.Active, (await table.ReadRowAsync(second)).Members[0].Item1.Status);
    }

    protected async Task<IMembershipTable> StartAsync()
    {
        var table = await OpenAsync(Cluster);
        await table.InitializeMembershipTableAsync(true);
        return table;
    }

    private static async Task RetryAsync(Func<Task<bool>> attempt)
    {
        for (var i = 0; i < 500; i++)
        {
            if (await attempt())
                return;
        }
        Assert.Fail("The write never found its version.");
    }
}
