using System.Net;
using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Accounts;
using Firezone.Grains.Authorization;
using Firezone.Grains.Policies;
using Firezone.Storage.Postgres.Accounts;
using Firezone.Wire.Client;

namespace Firezone.Grains.Clients;

/// <summary>
/// What a client may see of one snapshot at one moment. Pure: no clock, no I/O. Everything large in it is shared with other sessions.
/// </summary>
public sealed class ClientView
{
    private readonly ClientTicket _ticket;
    private readonly PolicySet _policies;

    /// <summary>Evaluates the snapshot for the client.</summary>
    public ClientView(AccountSnapshot snapshot, ClientTicket ticket, DateTimeOffset now)
    {
        Snapshot = snapshot;
        _ticket = ticket;
        _policies = snapshot.PoliciesOf(ticket.ActorId, IncludesEveryone(ticket));
        Connectable = _policies.Connectable(ResourceVariants.Of(ticket.Version), Subject, now);
        NextChange = _policies.NextChange(now);
    }

    /// <summary>The snapshot that was evaluated.</summary>
    public AccountSnapshot Snapshot { get; }

    /// <summary>The connectable resources.</summary>
    public ConnectableSet Connectable { get; }

    /// <summary>When to evaluate again although nothing was changed; null if time changes nothing.</summary>
    public DateTimeOffset? NextChange { get; }

    /// <summary>The client's interface settings.</summary>
    public InterfaceConfig Interface => ToInterface(Snapshot.Config, _ticket);

    /// <summary>Whether another snapshot gives the client other interface settings.</summary>
    public bool HasOtherConfigThan(ClientView other) => !SameConfig(Snapshot.Config, other.Snapshot.Config);

    /// <summary>The client as conditions judge it.</summary>
    public EvaluationSubject Subject => new(_ticket.Location.Region, IPAddress.Parse(_ticket.RemoteIp), _ticket.AuthProviderId, _ticket.Verified);

    /// <summary>All policies that the actor has for a resource, each with the membership through which it holds the policy's group.</summary>
    public PolicyCandidate[] CandidatesFor(Guid resourceId)
    {
        var policies = _policies.For(resourceId);
        var candidates = new List<PolicyCandidate>(policies.Count);
        foreach (var policy in policies)
        {
            if (Snapshot.TryGetMembership(_ticket.ActorId, policy.GroupId, IncludesEveryone(_ticket), out var membershipId))
                candidates.Add(new PolicyCandidate(policy.Id, policy.GroupId, membershipId, policy.Conditions));
        }

        return [.. candidates];
    }

    private static bool IncludesEveryone(ClientTicket ticket) => ticket.ActorKind is not ActorKind.ServiceAccount;

    private static bool SameConfig(AccountConfig a, AccountConfig b) =>
        a.SearchDomain == b.SearchDomain
        && a.DnsType == b.DnsType
        && a.DohProvider == b.DohProvider
        && a.DnsAddresses.AsSpan().SequenceEqual(b.DnsAddresses);

    private static InterfaceConfig ToInterface(AccountConfig config, ClientTicket ticket) => new(
        ticket.Ipv4,
        ticket.Ipv6,
        config.SearchDomain,
        DnsNames.TryParse(config.DnsType, out DnsMode mode) ? mode : DnsMode.System,
        config.DnsAddresses,
        DnsNames.TryParse(config.DohProvider, out DohProvider provider) ? provider : null);
}
