namespace Firezone.Grains.Accounts;

/// <summary>
/// The last impacts of an account, so that a session which was told an older version learns what it may have missed. Bounded; thread-safe.
/// </summary>
/// <param name="version">The version at which the history begins.</param>
public sealed class AccountHistory(long version)
{
    /// <summary>Steps that are remembered.</summary>
    public const int MaxSteps = 256;

    /// <summary>Ids that the remembered steps may have together.</summary>
    public const int MaxIds = 100_000;

    private readonly Queue<AccountImpact> _steps = new();
    private AccountImpact? _last;
    private long _floor = version;
    private long _version = version;
    private int _ids;

    /// <summary>The version after the last step.</summary>
    public long Version
    {
        get
        {
            lock (_steps)
                return _version;
        }
    }

    /// <summary>Adds the next step. One that leads to no newer version is ignored; one that leaves a gap makes the earlier ones useless.</summary>
    public void Add(AccountImpact impact)
    {
        ArgumentNullException.ThrowIfNull(impact);
        lock (_steps)
        {
            if (impact.ToVersion <= _version)
                return;
            if (impact.IsWhole || impact.FromVersion > _version)
                Forget(impact.IsWhole ? impact.ToVersion : impact.FromVersion);
            _version = impact.ToVersion;
            if (impact.IsWhole)
                return;
            _steps.Enqueue(impact);
            _ids += impact.IdCount;
            while (_steps.Count > MaxSteps || _ids > MaxIds)
            {
                var forgotten = _steps.Dequeue();
                _ids -= forgotten.IdCount;
                _floor = forgotten.ToVersion;
            }

            _last = _steps.Count > 0 ? impact : null;
        }
    }

    /// <summary>
    /// What all steps after a version may concern together: <see cref="AccountImpact.Whole"/> if they are not all remembered, an empty
    /// impact if there are none.
    /// </summary>
    public AccountImpact Since(long version)
    {
        AccountImpact[] steps;
        long current;
        lock (_steps)
        {
            current = _version;
            if (version >= current)
                return new AccountImpactBuilder().Build(version, version);
            if (version < _floor)
                return AccountImpact.Whole(version, current);
            // Nearly everybody has seen all but the last step.
            if (_last!.FromVersion == version)
                return _last;
            steps = [.. _steps.Where(step => step.ToVersion > version)];
        }

        var merged = new AccountImpactBuilder();
        foreach (var step in steps)
            merged.Add(step, version);
        return merged.Build(version, current);
    }

    private void Forget(long floor)
    {
        _steps.Clear();
        (_ids, _floor, _last) = (0, floor, null);
    }
}
