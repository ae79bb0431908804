using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Accounts;
using Firezone.Storage.Postgres.Authorizations;
using Firezone.Storage.Postgres.Batching;
using Firezone.Wire.Frames;
using Firezone.Wire.Gateway;
using Microsoft.Extensions.Logging;

namespace Firezone.Grains.Gateways;

/// <content>What a gateway is told when the configuration changes: from the snapshot and the authorizations that are held.</content>
public sealed partial class GatewayGrain
{
    private static readonly TimeSpan ReadAgainAfter = TimeSpan.FromSeconds(2);

    /// <summary>The change after which the rows could not be read.</summary>
    private AccountImpact? _readAgain;

    /// <inheritdoc />
    protected override void ReactToChanges(long since)
    {
        if (!_isAttached || Services.Accounts.TryGet(Ticket!.AccountId) is not { } account)
            return;
        if (account.Slug != _slug)
        {
            _slug = account.Slug;
            Push(Events.Init, RenderInit(), ViewHash());
        }

        var impact = Services.Accounts.Since(Ticket.AccountId, since);
        foreach (var resourceId in impact.ResourcesFiltered.Keys)
            TellFilters(account, resourceId);
        Reconsider(impact);
    }

    /// <summary>Takes back what a change has taken away.</summary>
    private void Reconsider(AccountImpact impact)
    {
        if (!impact.IsWhole)
            Lose(_authorizations.LostBy(impact), impact);
        if (impact.IsWhole || impact.GatewaysRevoked.ContainsKey(this.GetPrimaryKey()))
            _ = ReadAgainAsync(impact);
    }

    /// <summary>What was lost is not known one by one: the rows tell.</summary>
    private async Task ReadAgainAsync(AccountImpact impact)
    {
        _readAgain = null;
        var session = Session;
        var stored = StoredIds();
        GatewayAuthorizations read;
        try
        {
            read = await reader.LoadForGatewayAsync(this.GetPrimaryKey(), CancellationToken.None);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogNotRead(e);
            if (_isAttached)
            {
                _readAgain = impact;
                Services.Schedule.Set(Local, Now + ReadAgainAfter);
            }

            return;
        }

        if (!_isAttached || Session != session)
            return;
        Lose(Hold(read, stored), impact);
        if (impact.IsWhole)
            TellWhatWasMissed(read, isToldInit: false);
        Reconsider(Services.Accounts.Since(Ticket!.AccountId, read.AccountVersion));
    }

    /// <summary>Holds the rows, and returns what is held although its row has gone.</summary>
    private List<Grant> Hold(GatewayAuthorizations read, HashSet<Guid> stored)
    {
        foreach (var row in read.Rows)
        {
            stored.Remove(row.Id);
            _authorizations.Add(new Grant(
                row.Id,
                row.ClientId,
                row.ResourceId,
                row.ExpiresAt,
                new GrantBasis(row.PolicyId, row.MembershipId, row.TokenId, read.AccountVersion, row.ToldRevision)));
        }

        return _authorizations.Among(stored);
    }

    /// <summary>
    /// Tells what init does not: a client that is not listed there at all keeps its access, and what a resource lets through is told when a
    /// flow is authorized only.
    /// </summary>
    private void TellWhatWasMissed(GatewayAuthorizations read, bool isToldInit)
    {
        // Renewed, perhaps while the gateway was away: it holds the resource as it was before.
        var stale = read.Rows.GroupBy(row => (row.ClientId, row.ResourceId))
            .Where(pair => pair.All(row => row.IsStale))
            .ToDictionary(pair => pair.Key, pair => pair.Max(row => row.ToldRevision));
        var account = Services.Accounts.TryGet(Ticket!.AccountId);
        foreach (var (clientId, resourceId) in read.Revoked)
        {
            var told = _authorizations.ToldRevisionOf(clientId, resourceId);
            // The row of a renewal may be on its way still.
            if (_authorizations.ExpiryOf(clientId, resourceId) is not { } expiresAt
                || (stale.TryGetValue((clientId, resourceId), out var staleTold) && told == staleTold)
                || account?.FindResource(resourceId)?.Revision > told)
            {
                Reject(clientId, resourceId);
            }
            else if (!isToldInit)
            {
                TellExpiry(clientId, resourceId, expiresAt); // what was taken back may have lasted longer
            }
        }

        if (account is null)
            return;
        foreach (var resourceId in _authorizations.Resources())
            TellFilters(account, resourceId);
    }

    private void TellFilters(AccountSnapshot account, Guid resourceId)
    {
        if (account.FindResource(resourceId)?.For(ResourceVariants.Of(Ticket!.Version)) is { } rendering)
            Push(Events.ResourceUpdated, rendering.Gateway);
    }

    private void Lose(List<Grant> lost, AccountImpact impact)
    {
        var now = Now;
        var account = Services.Accounts.TryGet(Ticket!.AccountId);
        var orphaned = new List<(Grant Grant, bool Rejected)>();
        foreach (var pair in lost.GroupBy(grant => (grant.ClientId, grant.ResourceId)))
        {
            foreach (var grant in pair)
                _authorizations.Remove(grant.ClientId, grant.ResourceId, grant.Id);
            // The gateway has ended by itself what has expired.
            if (pair.MaxBy(grant => grant.ExpiresAt) is not { } last || last.ExpiresAt <= now)
                continue;
            if (_authorizations.ExpiryOf(last.ClientId, last.ResourceId) is { } remaining)
            {
                TellExpiry(last.ClientId, last.ResourceId, remaining);
                continue;
            }

            // The gateway may let traffic through to where the resource was: that ends now, whatever comes of the renewal.
            var altered = impact.IsWhole
                || impact.ResourcesChanged.ContainsKey(last.ResourceId)
                || impact.ResourcesRemoved.ContainsKey(last.ResourceId)
                || account?.FindResource(last.ResourceId)?.Revision != last.Basis.ToldRevision;
            if (altered)
                Reject(last.ClientId, last.ResourceId);
            if (!impact.ResourcesRemoved.ContainsKey(last.ResourceId))
                orphaned.Add((last, altered));
        }

        if (orphaned.Count > 0)
            _ = RenewAsync(orphaned);
    }

    /// <summary>Looks for other policies that grant what was lost; what none grants is rejected.</summary>
    private async Task RenewAsync(List<(Grant Grant, bool Rejected)> orphaned)
    {
        var session = Session;
        var subjects = new Dictionary<(Guid ClientId, Guid TokenId), RenewalSubject>();
        try
        {
            var asked = orphaned.Select(o => (o.Grant.ClientId, o.Grant.Basis.TokenId)).Distinct().ToList();
            foreach (var subject in await reader.LoadSubjectsAsync(asked, CancellationToken.None))
                subjects[(subject.ClientId, subject.TokenId)] = subject;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Fails closed: the client asks again.
            LogNotRenewed(e, orphaned.Count);
        }

        // A gateway that has gone meanwhile learns from the database what was revoked.
        if (Session != session || !_isAttached)
            return;
        foreach (var (grant, rejected) in orphaned)
            _ = RenewAsync(session, grant, subjects.GetValueOrDefault((grant.ClientId, grant.Basis.TokenId)), rejected);
    }

    private async Task RenewAsync(SessionRef? session, Grant lost, RenewalSubject? subject, bool rejected)
    {
        var (clientId, resourceId) = (lost.ClientId, lost.ResourceId);
        if (_authorizations.ExpiryOf(clientId, resourceId) is { } meanwhile)
        {
            TellExpiry(clientId, resourceId, meanwhile);
            return;
        }

        if (subject is null
            || Services.Accounts.TryGet(Ticket!.AccountId) is not { } account
            || Renewal.Decide(account, subject, resourceId, _siteId, lost.ExpiresAt, Now) is not { } renewal)
        {
            if (!rejected)
                Reject(clientId, resourceId);
            return;
        }

        if (!rejected && renewal.Basis.ResourceRevision != lost.Basis.ToldRevision)
        {
            // Altered since it was lost: nothing was held then that the change could have taken away.
            Reject(clientId, resourceId);
            rejected = true;
        }

        var grant = renewal.ToGrant(Guid.CreateVersion7(), lost);
        _authorizations.Add(grant);
        SchedulePrune();
        try
        {
            await StoreAsync(renewal.ToRow(grant, Ticket, subject));
            // If another change has taken it meanwhile, that one sees to the pair.
            if (_authorizations.Holds(clientId, resourceId, grant.Id) && _authorizations.ExpiryOf(clientId, resourceId) is { } expiresAt)
                TellExpiry(clientId, resourceId, expiresAt);
        }
        catch (Exception e) when (e is WriteRejectedException or WriteUnavailableException)
        {
            LogNotRenewed(e, 1);
            var remaining = _authorizations.Remove(clientId, resourceId, grant.Id);
            if (remaining.Outcome is AuthorizationRemovalOutcome.Remaining)
                TellExpiry(clientId, resourceId, remaining.Remaining!.Value);
            else if (remaining.Outcome is AuthorizationRemovalOutcome.Last && !(rejected && Session == session))
                Reject(clientId, resourceId);
        }
    }

    private void TellExpiry(Guid clientId, Guid resourceId, DateTimeOffset expiresAt) =>
        Push(Events.AccessAuthorizationExpiryUpdated, GatewayMessages.AccessAuthorizationExpiryUpdated(clientId, resourceId, expiresAt));

    private void Reject(Guid clientId, Guid resourceId) => Push(Events.RejectAccess, GatewayMessages.RejectAccess(clientId, resourceId));

    [LoggerMessage(EventId = 3303, Level = LogLevel.Warning, Message = "{Count} authorizations could not be renewed and are taken back")]
    private partial void LogNotRenewed(Exception exception, int count);

    [LoggerMessage(EventId = 3304, Level = LogLevel.Warning, Message = "What the gateway may serve could not be read after a change; trying again")]
    private partial void LogNotRead(Exception exception);
}
