using Firezone.Grains.Accounts;
using Firezone.Storage.Postgres.Accounts;

namespace Firezone.Grains.Tests.Accounts;

public sealed class AccountHistoryTests
{
    private static readonly Guid Id = new(1, 0, 0, new byte[8]);
    private readonly AccountHistory _history = new(1);
    private AccountSnapshot _snapshot = AccountSnapshot.From(new TestAccount().Data() with { Version = 1 });

    [Fact]
    public void The_last_step_is_handed_out_as_it_is()
    {
        Step();
        var last = Step();
        Assert.Same(last, _history.Since(2));
    }

    [Fact]
    public void Several_steps_are_merged_with_the_version_of_the_last_change()
    {
        Step(Id);
        Step();
        Step(Id);
        Step();
        var merged = _history.Since(1);
        Assert.Equal((1, 5), (merged.FromVersion, merged.ToVersion));
        Assert.Equal(4, merged.ClientTokensRemoved[Id]);
        Assert.Equal(3, merged.ClientTokensRemoved.Count);
        Assert.False(_history.Since(4).ClientTokensRemoved.ContainsKey(Id));
    }

    [Fact]
    public void Of_a_step_that_begins_earlier_only_later_changes_count()
    {
        var other = Guid.NewGuid();
        _snapshot = _snapshot.Apply(
            new AccountChanges(3, [new AccountChange.ClientTokenRemoved(2, Id), new AccountChange.ClientTokenRemoved(3, other)]), out var impact);
        _history.Add(impact);
        Assert.Equal([other], _history.Since(2).ClientTokensRemoved.Keys);
        Assert.Equal(2, _history.Since(1).ClientTokensRemoved.Count);
    }

    [Fact]
    public void Nothing_is_newer_than_the_newest()
    {
        Step();
        Assert.True(_history.Since(2).IsEmpty);
        Assert.True(_history.Since(9).IsEmpty);
    }

    [Fact]
    public void What_is_not_remembered_may_be_anything()
    {
        for (var i = 0; i <= AccountHistory.MaxSteps; i++)
            Step();
        Assert.True(_history.Since(1).IsWhole);
        Assert.False(_history.Since(2).IsWhole);
        Assert.Equal(AccountHistory.MaxSteps, _history.Since(2).ClientTokensRemoved.Count);
        Assert.True(_history.Since(0).IsWhole);
    }

    [Fact]
    public void A_whole_step_hides_all_before_it()
    {
        Step();
        _history.Add(AccountImpact.Whole(2, 7));
        Assert.Equal(7, _history.Version);
        Assert.True(_history.Since(6).IsWhole);
        Assert.True(_history.Since(7).IsEmpty);
        _snapshot = _snapshot.Apply(new AccountChanges(7, []), out _);
        Step();
        Assert.False(_history.Since(7).IsWhole);
    }

    [Fact]
    public void A_gap_hides_all_before_it_and_what_is_known_is_ignored()
    {
        Step();
        _snapshot = _snapshot.Apply(new AccountChanges(5, []), out _);
        var last = Step();
        Assert.True(_history.Since(2).IsWhole);
        Assert.Same(last, _history.Since(5));
        _history.Add(last);
        Assert.Same(last, _history.Since(5));
    }

    [Fact]
    public void The_number_of_ids_is_bounded_also_by_one_large_step()
    {
        Step();
        Step([.. Enumerable.Range(1, AccountHistory.MaxIds).Select(n => new Guid(n, 1, 0, new byte[8]))]);
        Assert.True(_history.Since(1).IsWhole);
        Assert.False(_history.Since(2).IsWhole);
        Step([.. Enumerable.Range(0, AccountHistory.MaxIds + 1).Select(n => new Guid(n, 2, 0, new byte[8]))]);
        Assert.True(_history.Since(3).IsWhole);
        Assert.True(_history.Since(4).IsEmpty);
        Step();
        Assert.False(_history.Since(4).IsWhole);
    }

    [Fact]
    public async Task Readers_and_the_writer_do_not_disturb_each_other()
    {
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            for (var known = 1L; known < 400; known = _history.Version)
            {
                var since = _history.Since(known);
                Assert.True(since.IsWhole || since.ClientTokensRemoved.Count == since.ToVersion - since.FromVersion);
            }
        })).ToArray();
        while (_snapshot.Version < 400)
            Step();
        await Task.WhenAll(readers);
    }

    // Without ids: one that no other step has.
    private AccountImpact Step(params Guid[] tokens)
    {
        var version = _snapshot.Version + 1;
        if (tokens.Length == 0)
            tokens = [new Guid((int)version, 9, 0, new byte[8])];
        var changes = tokens.Select(id => (AccountChange)new AccountChange.ClientTokenRemoved(version, id)).ToArray();
        _snapshot = _snapshot.Apply(new AccountChanges(version, changes), out var impact);
        _history.Add(impact);
        return impact;
    }
}
