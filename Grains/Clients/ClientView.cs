using System.Net;
using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Flows;
using Firezone.Grains.Accounts;
using Firezone.Grains.Authorization;
using Firezone.Grains.Policies;
using Firezone.Grains.Sessions;
using Firezone.Storage.Postgres.Accounts;
using Firezone.Wire.Client;

namespace Firezone.Grains.Clients;

/// <summary>
/// What a client has been told of its account. Pure: no clock, no I/O. Everything large in it is shared with other sessions, and it keeps
/// no snapshot alive.
/// </summary>
public sealed class ClientView
{
    private readonly AccountConfig _config;

    private readonly bool _takesSiteChanges;

    /// <summary>Evaluates the snapshot for the client.</summary>
    public ClientView(AccountSnapshot account, ClientTicket ticket, DateTimeOffset now)
        : this(account, ticket, now, ResourceVariants.Of(ticket.Version), SiteChange.IsUnderstoodBy(ticket))
    {
    }

    private ClientView(AccountSnapshot account, ClientTicket ticket, DateTimeOffset now, ResourceVariant variant, bool takesSiteChanges)
    {
        _config = account.Config;
        _takesSiteChanges = takesSiteChanges;
        Connectable = account.Connectable(ticket.ActorId, IncludesEveryone(ticket), variant, Subject(ticket), now, out var nextChange);
        NextChange = nextChange;
    }

    /// <summary>The connectable resources.</summary>
    public ConnectableSet Connectable { get; }

    /// <summary>When to evaluate again although nothing was changed; null if time changes nothing.</summary>
    public DateTimeOffset? NextChange { get; }

    /// <summary>The view of the same device by another snapshot, or at another time. What its version understands stays as it is.</summary>
    public ClientView Next(AccountSnapshot account, ClientTicket ticket, DateTimeOffset now) =>
        new(account, ticket, now, Connectable.Variant, _takesSiteChanges);

    /// <summary>What must be pushed to the device, which has been told <paramref name="before"/>.</summary>
    /// <param name="before">An earlier view.</param>
    /// <param name="recreated">Whether a resource that is in both has to be announced as deleted and then as new.</param>
    public ConnectableDifference Since(ClientView before, Func<Guid, bool>? recreated) =>
        Connectable.Since(before.Connectable, !_takesSiteChanges, recreated);

    /// <summary>Whether another snapshot gives the client other interface settings.</summary>
    public bool HasOtherConfigThan(ClientView other) => !ReferenceEquals(_config, other._config) && !SameConfig(_config, other._config);

    /// <summary>The client's interface settings.</summary>
    public InterfaceConfig Interface(ClientTicket ticket) => new(
        ticket.Ipv4,
        ticket.Ipv6,
        _config.SearchDomain,
        DnsNames.TryParse(_config.DnsType, out DnsMode mode) ? mode : DnsMode.System,
        _config.DnsAddresses,
        DnsNames.TryParse(_config.DohProvider, out DohProvider provider) ? provider : null);

    /// <summary>Fingerprint of what <see cref="Interface"/> gives, equal on every silo.</summary>
    public ulong ConfigHash(ClientTicket ticket)
    {
        var hash = ViewHashes.Combine(
            ViewHashes.Of(ticket.Ipv4),
            ViewHashes.Of(ticket.Ipv6),
            ViewHashes.Of(_config.SearchDomain),
            ViewHashes.Of(_config.DnsType),
            ViewHashes.Of(_config.DohProvider));
        foreach (var address in _config.DnsAddresses)
            hash = ViewHashes.Combine(hash, ViewHashes.Of(address));
        return hash;
    }

    /// <summary>
    /// Whether access to a resource goes on only because of policies that were changed: the device is told that the resource went and came
    /// again, as its gateways have dropped what was granted by the policy as it was.
    /// </summary>
    public static bool IsGrantedAnew(AccountSnapshot account, AccountImpact impact, ClientTicket ticket, Guid resourceId, DateTimeOffset now)
    {
        return impact.PoliciesChanged.Count > 0
            && account.GrantedOnlyBy(
                ticket.ActorId, IncludesEveryone(ticket), resourceId, Subject(ticket), now, impact.PoliciesChanged.ContainsKey);
    }

    /// <summary>Whether the client may have a flow now, by a snapshot that may be newer than the view.</summary>
    public FlowDecision Decide(AccountSnapshot account, ClientTicket ticket, Guid resourceId, DateTimeOffset now)
    {
        if (Connectable.Find(resourceId) is null || account.FindResource(resourceId) is not { } resource || resource.For(Connectable.Variant) is null)
            return FlowDecision.NotFound;
        var candidates = PolicyCandidates.Of(account, ticket.ActorId, IncludesEveryone(ticket), resourceId);
        var decision = PolicyChoice.Choose(candidates, Subject(ticket), now, ticket.TokenExpiresAt);
        if (decision.Policy is { } chosen)
        {
            var basis = new FlowBasis(account.Version, chosen.Revision, resource.Revision);
            return new FlowDecision(new FlowGrant(resource, chosen, decision.ExpiresAt, basis), null, null);
        }

        // Without any policy left it is as if the resource were not there; the device is about to be told so.
        return candidates.Length == 0 ? FlowDecision.NotFound : new FlowDecision(null, FlowFailure.Forbidden, decision.ViolatedProperties);
    }

    private static EvaluationSubject Subject(ClientTicket ticket) =>
        new(ticket.Location.Region, IPAddress.Parse(ticket.RemoteIp), ticket.AuthProviderId, ticket.Verified);

    private static bool IncludesEveryone(ClientTicket ticket) => ticket.ActorKind is not ActorKind.ServiceAccount;

    private static bool SameConfig(AccountConfig a, AccountConfig b) =>
        a.SearchDomain == b.SearchDomain
        && a.DnsType == b.DnsType
        && a.DohProvider == b.DohProvider
        && a.DnsAddresses.AsSpan().SequenceEqual(b.DnsAddresses);
}
