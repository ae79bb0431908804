namespace Firezone.Grains.Accounts;

/// <summary>What this silo holds of an account: the current snapshot and how it came about.</summary>
internal sealed class AccountEntry(Guid id)
{
    private volatile State? _state;

    public Guid Id { get; } = id;

    /// <summary>One load at a time.</summary>
    public SemaphoreSlim Gate { get; } = new(1, 1);

    public AccountSnapshot? Current => _state?.Snapshot;

    public int IdleVisits;

    /// <summary>Replaces the snapshot. <paramref name="impact"/> is the step to it; null for the first. Inside the gate only.</summary>
    public void Advance(AccountSnapshot snapshot, AccountImpact? impact)
    {
        // The history first: whoever sees the new snapshot finds the step that led to it.
        var history = _state?.History ?? new AccountHistory(snapshot.Version);
        if (impact is not null)
            history.Add(impact);
        _state = new State(snapshot, history);
    }

    public void Clear() => _state = null;

    /// <summary>What has changed after a version. Everything may have, if this silo has not seen it all.</summary>
    public AccountImpact Since(long version) => _state?.History.Since(version) ?? AccountImpact.Whole(version, long.MaxValue);

    private sealed record State(AccountSnapshot Snapshot, AccountHistory History);
}
