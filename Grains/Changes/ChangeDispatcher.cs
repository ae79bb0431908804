using System.Collections.Concurrent;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Accounts;
using Firezone.Grains.Sessions;

namespace Firezone.Grains.Changes;

/// <summary>
/// Wakes the sessions of this silo that a change concerns, and ends those whose basis was revoked. They are found through indexes: the
/// cost follows the change and the sessions concerned, not the account.
/// </summary>
/// <remarks>
/// Thread-safe. The steps of one account come one after the other. Calls to grains are one-way and reach them at most once, so those that
/// have had no effect are made again, see <see cref="Repeat"/>.
/// </remarks>
public sealed class ChangeDispatcher(LocalSessions sessions, DoubtfulSessions doubtful, GrainsMetrics metrics)
{
    /// <summary>Sessions that were told to end and are still here as far as is known.</summary>
    private readonly ConcurrentDictionary<LocalSession, CloseReason> _revoked = new();

    /// <summary>
    /// Sessions that were woken and have not taken the note as far as is known, as they were woken: whoever notes the first change of a
    /// session puts it here, so that there is nothing to look up for each of many.
    /// </summary>
    private readonly ConcurrentQueue<IReadOnlyList<LocalSession>> _woken = new();

    /// <summary>The account has gone from one version to another.</summary>
    public void Dispatch(AccountSnapshot account, AccountImpact impact)
    {
        if (impact.IsWhole)
        {
            // Revocations among the changes are not known one by one: the database is asked about every credential.
            var all = sessions.OfAccount(account.Id);
            doubtful.Add(all);
            Wake(all, impact);
            return;
        }

        Revoke(impact.ClientTokensRemoved.Keys, sessions.AddOfToken, CloseReason.TokenRevoked);
        Revoke(impact.GatewayTokensRemoved.Keys, sessions.AddOfToken, CloseReason.TokenRevoked);
        Revoke(impact.ClientsRemoved.Keys, sessions.AddOfDevice, CloseReason.DeviceDeleted);
        Revoke(impact.GatewaysRemoved.Keys, sessions.AddOfDevice, CloseReason.DeviceDeleted);
        Wake(ClientsConcerned(account, impact), impact);
        Wake(GatewaysConcerned(account, impact), impact);
    }

    /// <summary>The account is gone, and every token with it.</summary>
    public void AccountDeleted(Guid accountId) => Revoke(sessions.OfAccount(accountId), CloseReason.TokenRevoked);

    /// <summary>Ends these sessions.</summary>
    public void Revoke(IReadOnlyCollection<LocalSession> concerned, CloseReason reason)
    {
        foreach (var session in concerned)
            _revoked[session] = reason;
        foreach (var session in concerned)
            _ = session.Grain.OnRevoked(session.SessionId, reason);
        metrics.Revoked(concerned.Count);
    }

    /// <summary>
    /// Calls again those that have not reacted to an earlier call: that have not taken the note of a change, or that are to end and are
    /// still here. To be called at a slow pace; a call that was only slow has no effect the second time.
    /// </summary>
    public void Repeat()
    {
        foreach (var (session, reason) in _revoked)
        {
            if (sessions.Contains(session))
                _ = session.Grain.OnRevoked(session.SessionId, reason);
            else
                _revoked.TryRemove(new(session, reason));
        }

        var left = new List<LocalSession>();
        for (var count = _woken.Count; count > 0 && _woken.TryDequeue(out var noted); count--)
            left.AddRange(noted.Where(session => session.HasChange && sessions.Contains(session)));
        Tell(left);
    }

    private void Revoke(IEnumerable<Guid> ids, Action<Guid, ICollection<LocalSession>> find, CloseReason reason)
    {
        var concerned = new List<LocalSession>();
        foreach (var id in ids)
            find(id, concerned);
        if (concerned.Count > 0)
            Revoke(concerned, reason);
    }

    private ICollection<LocalSession> ClientsConcerned(AccountSnapshot account, AccountImpact impact)
    {
        if (impact.ConfigChanged > 0
            || impact.FormerEveryone.Count > 0
            || (account.Everyone is { } everyone && impact.Groups.ContainsKey(everyone)))
        {
            return sessions.ClientsOf(account.Id);
        }

        // One list of ids names nobody twice.
        ICollection<LocalSession> concerned =
            impact.Groups.Count + (impact.Actors.Count == 0 ? 0 : 1) + impact.ClientsVerified.Count + impact.ClientsUnverified.Count == 1
                ? new List<LocalSession>()
                : new HashSet<LocalSession>();
        if (impact.Actors.Count > 0)
            sessions.AddOfActors(account.Id, [.. impact.Actors.Keys], impact.Actors.ContainsKey, concerned);
        foreach (var group in impact.Groups.Keys)
            sessions.AddOfActors(account.Id, account.ActorsOf(group), actor => account.TryGetMembership(actor, group, false, out _), concerned);

        foreach (var client in impact.ClientsVerified.Keys)
            sessions.AddOfDevice(client, concerned);
        foreach (var client in impact.ClientsUnverified.Keys)
            sessions.AddOfDevice(client, concerned);
        return concerned;
    }

    private List<LocalSession> GatewaysConcerned(AccountSnapshot account, AccountImpact impact)
    {
        var gateways = sessions.GatewaysOf(account.Id);
        if (impact.SlugChanged == 0 && impact.ResourcesFiltered.Count == 0)
        {
            gateways.RemoveAll(
                gateway => !impact.GatewaysRevoked.ContainsKey(gateway.GrainKey) && gateway.Granted?.IsConcernedBy(impact) != true);
        }

        return gateways;
    }

    private void Wake(ICollection<LocalSession> concerned, AccountImpact impact)
    {
        // All are noted and kept before the first is called: a call that fails must not keep the others from being called again.
        var noted = new List<LocalSession>(concerned.Count);
        foreach (var session in concerned)
        {
            if (session.Note(impact.FromVersion))
                noted.Add(session);
        }

        Tell(noted);
        metrics.Woken(concerned.Count);
    }

    private void Tell(List<LocalSession> noted)
    {
        if (noted.Count == 0)
            return;
        _woken.Enqueue(noted);
        foreach (var session in noted)
            session.Tell(static grain => grain.OnAccountChanged());
    }
}
