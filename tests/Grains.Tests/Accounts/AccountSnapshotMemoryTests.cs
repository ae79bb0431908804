using System.Runtime.CompilerServices;
using Firezone.Grains.Accounts;
using Firezone.Storage.Postgres.Accounts;

namespace Firezone.Grains.Tests.Accounts;

/// <summary>Runs after the tests that may run in parallel: it looks at the memory of the whole process.</summary>
[CollectionDefinition(nameof(AccountSnapshotMemoryTests), DisableParallelization = true)]
[Collection(nameof(AccountSnapshotMemoryTests))]
public sealed class AccountSnapshotMemoryTests
{
    private const int Clients = 500;

    // So many that what the rest of the process does meanwhile is small beside them.
    private const int Actors = 3_000;

    [Fact]
    public void A_client_with_a_hundred_memberships_takes_less_than_three_kilobytes()
    {
        var account = new LargeAccount(Clients);
        var snapshot = AccountSnapshot.From(account.Data);
        var sets = new ConnectableSet[Clients];
        GC.KeepAlive(LargeAccount.Connectable(snapshot, account.NewId()));

        // An evaluation allocates nothing but its set, so that this needs no look at what other threads do.
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Clients; i++)
            sets[i] = LargeAccount.Connectable(snapshot, account.Actors[i]);
        var first = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Clients; i++)
            Assert.Same(sets[i], LargeAccount.Connectable(snapshot, account.Actors[i]));
        var again = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(Clients, sets.Distinct().Count());
        Assert.InRange((first - before) / Clients, 1, 3_000);
        Assert.InRange((again - first) / Clients, 0, 100);
    }

    [Fact]
    public void A_hundred_memberships_of_one_more_actor_take_less_than_eight_kilobytes()
    {
        var account = new LargeAccount(0);
        var snapshot = AccountSnapshot.From(account.Data);
        var actors = Enumerable.Range(0, Actors).Select(_ => account.NewId()).ToArray();
        var before = Heap.SettledBytes();
        snapshot = Join(snapshot, account, actors);
        var joined = Heap.SettledBytes();
        Assert.True((joined - before) / Actors < 8_000, $"{(joined - before) / Actors} B");
        GC.KeepAlive(snapshot);
        GC.KeepAlive(account);
    }

    [Fact]
    public void A_change_allocates_for_itself_and_not_for_the_account()
    {
        var account = new LargeAccount(1_000);
        var snapshot = AccountSnapshot.From(account.Data);
        Assert.Equal(100_000, account.Data.Memberships.Length);
        for (var i = 0; i < 20; i++)
        {
            var version = snapshot.Version + 1;
            var policy = account.Any(account.Policies) with { GroupId = account.Any(account.Groups).Id, Revision = version };
            var membership = new MembershipRow(account.NewId(), account.Any(account.Groups).Id, account.Any(account.Actors));
            Assert.InRange(Allocated(new AccountChange.PolicyPut(version, policy)), 1, 20_000);
            version = snapshot.Version + 1;
            Assert.InRange(Allocated(new AccountChange.MembershipPut(version, membership)), 1, 40_000);
        }

        long Allocated(AccountChange change)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            snapshot = snapshot.Apply(new AccountChanges(change.Version, [change]), out _);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void A_hundred_thousand_memberships_in_one_step_are_all_there()
    {
        var account = new LargeAccount(0);
        var rows = Enumerable.Range(0, 100_000).Select(n => new MembershipRow(account.NewId(), account.Groups[n % 3].Id, account.NewId())).ToArray();
        var snapshot = AccountSnapshot.From(account.Data)
            .Apply(new AccountChanges(2, [.. rows.Select(row => new AccountChange.MembershipPut(2, row))]), out var impact);
        Assert.Equal(rows.Length, impact.Actors.Count);
        foreach (var group in rows.GroupBy(row => row.GroupId))
            Assert.Equal(group.Select(row => row.ActorId).Order(), snapshot.ActorsOf(group.Key).Order());
        snapshot = snapshot.Apply(new AccountChanges(3, [.. rows.Skip(10).Select(row => new AccountChange.MembershipRemoved(3, row))]), out impact);
        Assert.Equal(rows.Length - 10, impact.MembershipsRemoved.Count);
        Assert.Equal(rows.Take(10).Select(row => row.ActorId).Order(), account.Groups.SelectMany(g => snapshot.ActorsOf(g.Id)).Order());
    }

    [Fact]
    public void An_old_version_goes_when_its_last_user_goes()
    {
        var account = new LargeAccount(3);
        var newest = AccountSnapshot.From(account.Data);
        var history = new AccountHistory(newest.Version);
        var sets = new List<ConnectableSet>();
        var old = Change(ref newest, account, history, sets);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.All(old, version => Assert.False(version.TryGetTarget(out _)));
        // Neither do the sets that nobody kept: those of the newest version alone are known again as the same.
        Assert.Same(sets[^1], LargeAccount.Connectable(newest, account.Actors[0]));
        GC.KeepAlive(history);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static AccountSnapshot Join(AccountSnapshot snapshot, LargeAccount account, Guid[] actors)
    {
        foreach (var actor in actors)
        {
            var version = snapshot.Version + 1;
            var changes = account.MembershipsOf(actor).Select(row => new AccountChange.MembershipPut(version, row)).ToArray();
            snapshot = snapshot.Apply(new AccountChanges(version, changes), out _);
        }

        return snapshot;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<WeakReference<AccountSnapshot>> Change(
        ref AccountSnapshot newest, LargeAccount account, AccountHistory history, List<ConnectableSet> sets)
    {
        var old = new List<WeakReference<AccountSnapshot>>();
        for (var i = 0; i < 100; i++)
        {
            old.Add(new WeakReference<AccountSnapshot>(newest));
            var version = newest.Version + 1;
            newest = newest.Apply(
                new AccountChanges(version, [new AccountChange.PolicyPut(version, account.Any(account.Policies) with { Revision = version })]),
                out var impact);
            history.Add(impact);
            sets.Add(LargeAccount.Connectable(newest, account.Actors[0]));
        }

        return old;
    }
}
