using System.Globalization;
using Firezone.Faults.Running;
using Firezone.Membership.Node.Driving;
using Firezone.Membership.Postgres;
using Firezone.Membership.Postgres.Locks;
using Orleans.Runtime;

namespace Firezone.Faults;

/// <summary>Living silos that lose their connections to the database, because an administrator ends them.</summary>
public sealed class DatabaseSessionTests(FaultDatabase database) : IClassFixture<FaultDatabase>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_silo_whose_session_was_ended_stays_and_takes_its_lock_again()
    {
        await using var cluster = new NodeCluster(Provider.Tested, database.ConnectionString);
        var silos = await cluster.StartSilosAsync(3);
        var lockHolder = LockHolder(cluster, silos[0]);
        var session = await HolderOtherThanAsync(lockHolder, 0);

        var since = NodeProcess.Now();
        Assert.True(await database.ScalarAsync<bool>($"select pg_terminate_backend({session})"));
        await HolderOtherThanAsync(lockHolder, session);
        await Watch.PassAsync(TimeSpan.FromSeconds(2), silos);
        Watch.NobodyWasEvicted(silos, silos, since);
    }

    [Fact]
    public async Task Nobody_leaves_when_all_sessions_of_all_silos_are_ended()
    {
        await using var cluster = new NodeCluster(Provider.Tested, database.ConnectionString);
        var silos = await cluster.StartSilosAsync(3);
        var since = NodeProcess.Now();
        await database.ScalarAsync<long>(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
        await Watch.PassAsync(TimeSpan.FromSeconds(2), silos);
        Watch.NobodyWasEvicted(silos, silos, since);

        var late = await cluster.StartSiloAsync();
        await NodeCluster.AgreeAsync([.. silos, late], [.. silos, late], Patience);
    }

    private static string LockHolder(NodeCluster cluster, NodeProcess silo)
    {
        var key = SessionLockKey.For(cluster.Id, SiloId.Of(SiloAddress.FromParsableString(silo.Silo)));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            select pid from pg_locks where locktype = 'advisory' and mode = 'ExclusiveLock' and granted and objsubid = 2
            and classid::bigint = {(uint)key.Cluster} and objid::bigint = {(uint)key.Silo}
            """);
    }

    private async Task<int> HolderOtherThanAsync(string sql, int former)
    {
        using var late = new CancellationTokenSource(Patience, TimeProvider.System);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        while (await timer.WaitForNextTickAsync(late.Token))
        {
            if (await database.ScalarAsync<int>(sql) is var holder and not 0 && holder != former)
                return holder;
        }

        throw new InvalidOperationException("Unreachable: the timer ends with the token.");
    }
}
