using System.Collections.Concurrent;
using Firezone.Grains.Changes;
using Firezone.Grains.Sessions;
using Firezone.Storage.Postgres.Accounts;
using Microsoft.Extensions.Logging;

namespace Firezone.Grains.Accounts;

/// <summary>
/// This silo's account snapshots: loaded on first use, brought forward by the recorded changes when there are any, dropped when no session
/// of the account has been here for a while.
/// </summary>
public sealed partial class AccountSnapshots(
    AccountReader reader,
    AccountChangeReader changes,
    ChangeDispatcher dispatcher,
    LocalSessions sessions,
    GrainsMetrics metrics,
    TimeProvider time,
    ILogger<AccountSnapshots> logger)
{
    private const double MaxRetrySeconds = 2;

    private readonly ConcurrentDictionary<Guid, AccountEntry> _entries = new();

    /// <summary>A snapshot that is not older than asked for, or null if there is no such account.</summary>
    /// <exception cref="Npgsql.NpgsqlException">What is in memory does not do, and the database does not answer.</exception>
    public ValueTask<AccountSnapshot?> GetAsync(Guid accountId, long minimumVersion)
    {
        var entry = _entries.GetOrAdd(accountId, static id => new AccountEntry(id));
        entry.IdleVisits = 0;
        return entry.Current is { } current && current.Version >= minimumVersion
            ? new(current)
            : new(AdvanceAsync(entry, minimumVersion));
    }

    /// <summary>The current snapshot if it is in memory.</summary>
    public AccountSnapshot? TryGet(Guid accountId) => _entries.GetValueOrDefault(accountId)?.Current;

    /// <summary>What has changed after a version, as far as this silo has read. Whole if it cannot tell.</summary>
    public AccountImpact Since(Guid accountId, long version) =>
        _entries.GetValueOrDefault(accountId)?.Since(version) ?? AccountImpact.Whole(version, long.MaxValue);

    /// <summary>Drops snapshots that no session has needed since the last two calls. Called about once a minute.</summary>
    public void DropUnused()
    {
        foreach (var (id, entry) in _entries)
        {
            if (sessions.HasAccount(id))
                entry.IdleVisits = 0;
            else if (++entry.IdleVisits > 2)
                _entries.TryRemove(id, out _);
        }
    }

    /// <summary>The account has this version now. Quick; the rest happens behind it.</summary>
    public void Announce(Guid accountId, long version)
    {
        if (_entries.TryGetValue(accountId, out var entry) && !(entry.Current?.Version >= version))
            _ = RefreshAsync(entry, version);
    }

    /// <summary>Anything may have changed unnoticed: looks at every account that is held.</summary>
    public void RefreshAll()
    {
        foreach (var entry in _entries.Values)
            _ = RefreshAsync(entry, long.MaxValue);
    }

    private async Task RefreshAsync(AccountEntry entry, long version)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var reached = await AdvanceAsync(entry, version).ConfigureAwait(false);
                if (reached is null || version == long.MaxValue || reached.Version >= version)
                    return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // What is held stays in use. A change may take something away, so it is read again until it is known.
                if (attempt == 0)
                    LogRefreshFailed(e, entry.Id);
            }

            var pause = Math.Min(MaxRetrySeconds, 0.2 * (1 << Math.Min(attempt, 10))) * (0.5 + Random.Shared.NextDouble());
            await Task.Delay(TimeSpan.FromSeconds(pause), time).ConfigureAwait(false);
            if (!_entries.TryGetValue(entry.Id, out var held) || held != entry || entry.Current?.Version >= version)
                return;
        }
    }

    private async Task<AccountSnapshot?> AdvanceAsync(AccountEntry entry, long minimumVersion)
    {
        // One at a time per account; whoever waited finds the result of the one before, if that is new enough.
        await entry.Gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (entry.Current is not { } current)
                return await ReadWholeAsync(entry).ConfigureAwait(false);
            if (current.Version >= minimumVersion)
                return current;
            if (await changes.ReadSinceAsync(entry.Id, current.Version, minimumVersion, CancellationToken.None).ConfigureAwait(false) is not { } delta)
                return await ReadWholeAsync(entry).ConfigureAwait(false);
            if (delta.Version == current.Version)
                return current;
            var started = time.GetTimestamp();
            var next = current.Apply(delta, out var impact);
            Advance(entry, next, impact);
            metrics.Applied(delta.Changes.Count, time.GetElapsedTime(started));
            return next;
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    private async Task<AccountSnapshot?> ReadWholeAsync(AccountEntry entry)
    {
        var before = entry.Current;
        if (await reader.LoadAsync(entry.Id, CancellationToken.None).ConfigureAwait(false) is not { } data)
        {
            _entries.TryRemove(entry.Id, out _);
            entry.Clear();
            dispatcher.AccountDeleted(entry.Id);
            return null;
        }

        metrics.ReadWhole();
        var next = AccountSnapshot.From(data, before);
        if (before is null)
            entry.Advance(next, null);
        else if (before.Version != next.Version)
            Advance(entry, next, AccountImpact.Whole(before.Version, next.Version));
        return entry.Current;
    }

    private void Advance(AccountEntry entry, AccountSnapshot snapshot, AccountImpact impact)
    {
        entry.Advance(snapshot, impact);
        dispatcher.Dispatch(snapshot, impact);
    }

    [LoggerMessage(EventId = 3120, Level = LogLevel.Warning, Message = "Account {AccountId} has changed but could not be read; the older state stays in use until it can")]
    private partial void LogRefreshFailed(Exception exception, Guid accountId);
}
