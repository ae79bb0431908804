using Firezone.Membership.Postgres.Locks;
using Npgsql;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Tests.Table;

/// <summary>What the table offers beyond Orleans' interface.</summary>
public sealed class OwnOperationTests(TableDatabase database) : IClassFixture<TableDatabase>
{
    private readonly string _cluster = TableDatabase.NewCluster();

    [Fact]
    public async Task A_silo_is_declared_dead_with_the_vote_of_who_found_out()
    {
        var table = await database.StartAsync(_cluster);
        var entry = Entries.New(SiloStatus.Active);
        entry.AddSuspector(Entries.Address(), Entries.Now().AddSeconds(-9));
        await table.AddAsync(entry);
        var by = Entries.Address();
        Assert.True(await table.TryDeclareDeadAsync(SiloId.Of(entry.SiloAddress), by));

        var data = await table.ReadAllAsync();
        Assert.Equal(2, data.Version.Version);
        var read = data.Members[0].Item1;
        Assert.Equal(SiloStatus.Dead, read.Status);
        Assert.Equal([entry.SuspectTimes![0].Item1, by], read.SuspectTimes!.Select(vote => vote.Item1));
        Assert.Equal(Entries.Now(), read.SuspectTimes![1].Item2, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_silo_that_is_dead_or_gone_stays_so_without_a_write()
    {
        var table = await database.StartAsync(_cluster);
        var entry = await table.AddAsync(Entries.New(SiloStatus.Dead));
        Assert.True(await table.TryDeclareDeadAsync(SiloId.Of(entry.SiloAddress), Entries.Address()));
        Assert.True(await table.TryDeclareDeadAsync(SiloId.Of(Entries.Address()), Entries.Address()));
        Assert.Equal(1, (await table.ReadAllAsync()).Version.Version);
    }

    [Fact]
    public async Task Many_that_declare_one_silo_dead_write_once()
    {
        var tables = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => database.StartAsync(_cluster)));
        var entry = await tables[0].AddAsync(Entries.New(SiloStatus.Active));
        var results = await Task.WhenAll(tables.Select(table => table.TryDeclareDeadAsync(SiloId.Of(entry.SiloAddress), Entries.Address())));
        Assert.All(results, Assert.True);
        var data = await tables[0].ReadAllAsync();
        Assert.Single(data.Members[0].Item1.SuspectTimes!);
        Assert.Equal(2, data.Version.Version);
    }

    [Fact]
    public async Task A_full_list_of_votes_does_not_prevent_the_declaration()
    {
        var table = await database.StartAsync(_cluster);
        var entry = Entries.New(SiloStatus.Active);
        for (var i = 0; i < 300; i++)
            entry.AddSuspector(Entries.Address("fd12:3456:789a:bcde:f012:3456:789a:bcde"), Entries.Now().AddSeconds(-i));
        await table.AddAsync(entry);
        var by = Entries.Address();
        Assert.True(await table.TryDeclareDeadAsync(SiloId.Of(entry.SiloAddress), by));
        Assert.Contains((await table.ReadAllAsync()).Members[0].Item1.SuspectTimes!, vote => vote.Item1.Equals(by));
    }

    [Fact]
    public async Task The_survey_tells_age_and_session_of_every_silo_that_is_not_dead()
    {
        var table = await database.StartAsync(_cluster);
        var held = await table.AddAsync(Entries.New(SiloStatus.Active, age: TimeSpan.FromMinutes(5)));
        var watched = await table.AddAsync(Entries.New());
        await table.AddAsync(Entries.New(SiloStatus.Dead));
        await using var session = await database.Open(database.ConnectionString, _cluster).OpenSessionAsync(CancellationToken.None);
        await LockAsync(session, "pg_advisory_lock", held.SiloAddress);
        await LockAsync(session, "pg_advisory_lock_shared", watched.SiloAddress);

        var survey = await table.SurveyAsync();
        Assert.Equal(2, survey.Count);
        var first = survey.Single(row => row.Silo == SiloId.Of(held.SiloAddress));
        Assert.True(first.LockHeld);
        Assert.Equal(SiloStatus.Active, first.Status);
        Assert.InRange(first.SinceIAmAlive, TimeSpan.FromMinutes(4.9), TimeSpan.FromMinutes(6));
        var second = survey.Single(row => row.Silo == SiloId.Of(watched.SiloAddress));
        Assert.False(second.LockHeld);
        Assert.InRange(second.SinceIAmAlive, TimeSpan.Zero, TimeSpan.FromMinutes(1));

        // The server ends a session some time after its client has left; a lock that waits for it is granted just then.
        await using var waiting = await database.Open(database.ConnectionString, _cluster).OpenSessionAsync(CancellationToken.None);
        await session.CloseAsync();
        await LockAsync(waiting, "pg_advisory_lock_shared", held.SiloAddress);
        Assert.All(await table.SurveyAsync(), row => Assert.False(row.LockHeld));
    }

    [Fact]
    public async Task Gateways_are_the_silos_that_serve_clients_still()
    {
        var table = await database.StartAsync(_cluster);
        Assert.Empty((await table.ReadGatewaysAsync()).Entries);
        var served = new List<SiloAddress>();
        foreach (var status in Enum.GetValues<SiloStatus>().Where(status => status != SiloStatus.None))
        {
            var entry = await table.AddAsync(Entries.New(status));
            if (status is SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Stopping)
                served.Add(entry.SiloAddress);
        }
        var hidden = Entries.New(SiloStatus.Active);
        hidden.ProxyPort = 0;
        await table.AddAsync(hidden);

        var list = await table.ReadGatewaysAsync();
        Assert.Equal((await table.ReadAllAsync()).Version.Version, list.Version);
        Assert.Equal(served.Select(SiloId.Of).Order(), list.Entries.Select(entry => entry.Silo).Order());
        Assert.All(list.Entries, entry =>
        {
            var silo = entry.Silo.ToAddress();
            Assert.Equal(SiloAddress.New(silo.Endpoint.Address, 30_000, silo.Generation), entry.Gateway);
        });
    }

    [Fact]
    public async Task A_cluster_without_a_version_has_no_gateways()
    {
        await database.StartAsync(_cluster);
        var list = await database.Table().ReadGatewaysAsync();
        Assert.Equal(0, list.Version);
        Assert.Empty(list.Entries);
    }

    private async Task LockAsync(NpgsqlConnection session, string function, SiloAddress silo)
    {
        var key = SessionLockKey.For(_cluster, SiloId.Of(silo));
        await using var command = new NpgsqlCommand($"select {function}({key.Cluster}, {key.Silo})", session);
        await command.ExecuteNonQueryAsync();
    }
}
