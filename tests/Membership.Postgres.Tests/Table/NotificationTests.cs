using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Tests.Table;

/// <summary>Every change of the version is heard exactly once, whoever makes it.</summary>
public sealed class NotificationTests(TableDatabase database) : IClassFixture<TableDatabase>
{
    private readonly string _cluster = TableDatabase.NewCluster();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Our_writes_are_heard_with_and_without_the_trigger(bool trigger)
    {
        var connectionString = await database.CreateEmptyAsync();
        var table = await database.StartAsync(_cluster, connectionString: connectionString);
        if (!trigger)
            await TableDatabase.ExecuteAsync(connectionString, "drop trigger orleans_membership_notify on OrleansMembershipVersionTable");
        await using var listener = await Listener.StartAsync(connectionString, _cluster);

        var entry = await table.AddAsync(Entries.New());
        Assert.Equal(["1|v|1"], await listener.TakeAsync());
        var read = await table.ReadRowAsync(entry.SiloAddress);
        entry.Status = SiloStatus.Active;
        Assert.True(await table.UpdateRowAsync(entry, read.Members[0].Item2, read.Version.Next()));
        Assert.Equal(["1|v|2"], await listener.TakeAsync());
        Assert.True(await table.TryDeclareDeadAsync(SiloId.Of(entry.SiloAddress), Entries.Address()));
        Assert.Equal(["1|v|3"], await listener.TakeAsync());
    }

    [Fact]
    public async Task What_changes_no_version_is_not_said()
    {
        var table = await database.StartAsync(_cluster);
        var entry = await table.AddAsync(Entries.New(SiloStatus.Dead, age: TimeSpan.FromDays(1)));
        await using var listener = await Listener.StartAsync(database.ConnectionString, _cluster);

        Assert.False(await table.InsertRowAsync(entry, (await table.ReadAllAsync()).Version.Next()));
        Assert.False(await table.UpdateRowAsync(entry, "stale", (await table.ReadAllAsync()).Version.Next()));
        await table.UpdateIAmAliveAsync(entry);
        await table.TryDeclareDeadAsync(SiloId.Of(entry.SiloAddress), Entries.Address());
        await table.CleanupDefunctSiloEntriesAsync(DateTimeOffset.MinValue);
        await database.ExecuteAsync($"update OrleansMembershipVersionTable set Timestamp = now() where DeploymentId = '{_cluster}'");
        Assert.Empty(await listener.TakeAsync());
    }

    [Fact]
    public async Task Writes_of_ado_net_silos_are_heard()
    {
        await database.StartAsync(_cluster);
        var adoNet = await AdoNetTable.StartAsync(database.ConnectionString, _cluster);
        await using var listener = await Listener.StartAsync(database.ConnectionString, _cluster);
        var entry = await adoNet.AddAsync(Entries.New());
        Assert.Equal(["1|v|1"], await listener.TakeAsync());
        entry.Status = SiloStatus.Dead;
        var read = await adoNet.ReadAllAsync();
        Assert.True(await adoNet.UpdateRowAsync(entry, read.Members[0].Item2, read.Version.Next()));
        Assert.Equal(["1|v|2"], await listener.TakeAsync());
    }

    [Fact]
    public async Task Updates_by_hand_are_heard_by_their_cluster_only()
    {
        await database.StartAsync(_cluster);
        var other = TableDatabase.NewCluster();
        await database.StartAsync(other);
        await using var listener = await Listener.StartAsync(database.ConnectionString, _cluster);
        await using var otherListener = await Listener.StartAsync(database.ConnectionString, other);
        await database.ExecuteAsync($"update OrleansMembershipVersionTable set Version = Version + 1 where DeploymentId = '{_cluster}'");
        Assert.Equal(["1|v|1"], await listener.TakeAsync());
        Assert.Empty(await otherListener.TakeAsync());
    }
}
