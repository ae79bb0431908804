using System.Collections.Concurrent;
using Firezone.Grains.Sessions;
using Firezone.Storage.Postgres.Accounts;
using Microsoft.Extensions.Logging;

namespace Firezone.Grains.Accounts;

/// <summary>
/// This silo's account snapshots: loaded on first use, replaced when the database announces a newer version, dropped when no session of
/// the account has been here for a while.
/// </summary>
public sealed partial class AccountSnapshots(
    AccountReader reader,
    AccountChangeListener listener,
    LocalSessions sessions,
    TimeProvider time,
    ILogger<AccountSnapshots> logger)
{
    private const double MaxRetrySeconds = 5;

    private readonly ConcurrentDictionary<Guid, Entry> _entries = new();

    /// <summary>The current snapshot, or null if there is no such account.</summary>
    /// <exception cref="Npgsql.NpgsqlException">The account is not in memory and the database does not answer.</exception>
    public ValueTask<AccountSnapshot?> GetAsync(Guid accountId)
    {
        var entry = _entries.GetOrAdd(accountId, static id => new Entry(id));
        entry.IdleVisits = 0;
        return entry.Current is { } current ? new(current) : new(LoadAsync(entry, minimumVersion: 0));
    }

    /// <summary>The current snapshot if it is in memory.</summary>
    public AccountSnapshot? TryGet(Guid accountId) => _entries.GetValueOrDefault(accountId)?.Current;

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

    /// <summary>Listens for changes from now on. Called once, before the first snapshot is asked for.</summary>
    public void Start()
    {
        listener.Subscribe(OnChanged);
        listener.Reconnected += OnReconnected;
    }

    private void OnChanged(Guid accountId, long version)
    {
        if (_entries.TryGetValue(accountId, out var entry) && !(entry.Current?.Version >= version))
            _ = RefreshAsync(entry, version);
    }

    // Notifications may have been lost while the listener was away: whatever is held may be old.
    private void OnReconnected()
    {
        foreach (var entry in _entries.Values)
            _ = RefreshAsync(entry, long.MaxValue);
    }

    private async Task RefreshAsync(Entry entry, long version)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var before = entry.Current?.Version;
                var after = await LoadAsync(entry, version).ConfigureAwait(false);
                if (after?.Version == before)
                    return;
                foreach (var session in sessions.OfAccount(entry.Id))
                    _ = session.Grain.OnAccountChanged();
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // What is held stays in use. A change may take something away, so it is read again until it is known.
                if (attempt == 0)
                    LogRefreshFailed(e, entry.Id);
                var pause = Math.Min(MaxRetrySeconds, 0.2 * (1 << Math.Min(attempt, 10))) * (0.5 + Random.Shared.NextDouble());
                await Task.Delay(TimeSpan.FromSeconds(pause), time).ConfigureAwait(false);
                if (!_entries.TryGetValue(entry.Id, out var held) || held != entry || entry.Current?.Version >= version)
                    return;
            }
        }
    }

    private async Task<AccountSnapshot?> LoadAsync(Entry entry, long minimumVersion)
    {
        // One load at a time per account; whoever waited finds the result of the load before it, if that is new enough.
        await entry.Gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (entry.Current is { } current && current.Version >= minimumVersion)
                return current;
            var data = await reader.LoadAsync(entry.Id, CancellationToken.None).ConfigureAwait(false);
            if (data is null)
            {
                _entries.TryRemove(entry.Id, out _);
                entry.Current = null;
                return null;
            }

            return entry.Current = entry.Current is { } held && held.Version == data.Version ? held : AccountSnapshotBuilder.Build(data);
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    [LoggerMessage(EventId = 3001, Level = LogLevel.Warning, Message = "Account {AccountId} has changed but could not be read; the older state stays in use until it can")]
    private partial void LogRefreshFailed(Exception exception, Guid accountId);

    private sealed class Entry(Guid id)
    {
        public Guid Id { get; } = id;

        public SemaphoreSlim Gate { get; } = new(1, 1);

        public volatile AccountSnapshot? Current;

        public int IdleVisits;
    }
}
