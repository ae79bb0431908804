using System.Collections.Immutable;
using Firezone.Grains.Policies;
using Firezone.Storage.Postgres.Accounts;

namespace Firezone.Grains.Accounts;

/// <summary>
/// The configuration of one account at one version, indexed for what sessions ask. Held once per silo and shared by all sessions of the
/// account. Immutable; safe for any thread. Versions share what has not changed, and none of them keeps another one alive.
/// </summary>
public sealed class AccountSnapshot
{
    private readonly AccountState _state;
    private readonly ConnectableSets _sets;
    private readonly ConnectableMemo _memo = new();

    private AccountSnapshot(Guid id, long version, AccountState state, ConnectableSets sets)
    {
        Id = id;
        Version = version;
        _state = state;
        _sets = sets;
    }

    /// <summary>Account id.</summary>
    public Guid Id { get; }

    /// <summary>Commit order of the account's changes, without gaps.</summary>
    public long Version { get; }

    /// <summary>Short name, shown to gateways.</summary>
    public string Slug => _state.Slug;

    /// <summary>DNS and search domain settings.</summary>
    public AccountConfig Config => _state.Config;

    /// <summary>Nobody may connect.</summary>
    public bool Disabled => _state.Disabled;

    /// <summary>The group of all users, which has no memberships.</summary>
    public Guid? Everyone => _state.Everyone;

    /// <summary>Makes a snapshot from the rows. Nobody can connect to resources without a site, nor through rows that refer to nothing.</summary>
    /// <param name="data">All rows.</param>
    /// <param name="known">
    /// Another version of the account, if there is one: resources that have not changed stay the same instances as there.
    /// </param>
    /// <exception cref="InvalidDataException">A resource has an unknown type.</exception>
    public static AccountSnapshot From(AccountData data, AccountSnapshot? known = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        var editor = new AccountEditor(AccountState.Empty, new AccountImpactBuilder());
        editor.Update(new AccountChange.AccountUpdated(data.Version, data.Slug, data.Config, data.Disabled));
        foreach (var row in data.Sites)
            editor.Put(row, data.Version);
        foreach (var row in data.Resources)
            editor.Put(row, data.Version);
        foreach (var row in data.Memberships)
            editor.Put(row, data.Version);
        foreach (var row in data.Policies)
            editor.Put(row, data.Version);
        editor.SetEveryone(data.Groups.FirstOrDefault(g => g.IsEveryone)?.Id, data.Version);
        return new AccountSnapshot(data.Id, data.Version, editor.Finish(known?._state ?? AccountState.Empty), known?._sets ?? new ConnectableSets());
    }

    /// <summary>The next version, at a cost that depends on the changes and not on the account.</summary>
    /// <param name="changes">All changes since this version; earlier ones among them are skipped.</param>
    /// <param name="impact">What the step may concern.</param>
    /// <exception cref="InvalidDataException">A resource has an unknown type.</exception>
    public AccountSnapshot Apply(AccountChanges changes, out AccountImpact impact)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var concerned = new AccountImpactBuilder();
        if (changes.Version <= Version)
        {
            impact = concerned.Build(Version, Version);
            return this;
        }

        var editor = new AccountEditor(_state, concerned);
        foreach (var change in changes.Changes)
        {
            if (change.Version > Version)
                editor.Apply(change);
        }

        var next = new AccountSnapshot(Id, changes.Version, editor.Finish(_state), _sets);
        impact = concerned.Build(Version, changes.Version);
        return next;
    }

    /// <summary>A resource that has a site.</summary>
    public SnapshotResource? FindResource(Guid resourceId) => _state.Resources.GetValueOrDefault(resourceId);

    /// <summary>An enabled policy whose resource has a site.</summary>
    public SnapshotPolicy? FindPolicy(Guid policyId) => _state.Policies.GetValueOrDefault(policyId);

    /// <summary>The policies that grant a resource, sorted by id; none if it has no site.</summary>
    public IReadOnlyList<SnapshotPolicy> PoliciesFor(Guid resourceId) =>
        _state.Resources.ContainsKey(resourceId) && _state.PoliciesByResource.TryGetValue(resourceId, out var ids)
            ? [.. ids.Select(id => _state.Policies[id])]
            : [];

    /// <summary>Whether the actor is in the group, and through which membership (null for Everyone).</summary>
    public bool TryGetMembership(Guid actorId, Guid groupId, bool includeEveryone, out Guid? membershipId)
    {
        membershipId = null;
        if (includeEveryone && groupId == Everyone)
            return true;
        if (!_state.Memberships.TryFind(actorId, groupId, out var id))
            return false;
        membershipId = id;
        return true;
    }

    /// <summary>The actors with a membership in the group; for Everyone there are none.</summary>
    public IReadOnlyCollection<Guid> ActorsOf(Guid groupId) => _state.Memberships.ByGroup.GetValueOrDefault(groupId, ActorSet.Empty)!;

    /// <summary>The actor's memberships, sorted by group, without Everyone.</summary>
    public ImmutableArray<SnapshotMembership> GroupsOf(Guid actorId) => _state.Memberships.Of(actorId);

    /// <summary>What a client of the actor may connect to: the resources of its conforming policies.</summary>
    /// <param name="actorId">The actor.</param>
    /// <param name="includeEveryone">False for service accounts: they need explicit memberships.</param>
    /// <param name="variant">What the client's version understands; resources that it cannot express stay hidden.</param>
    /// <param name="subject">The client.</param>
    /// <param name="now">The instant of the decision.</param>
    /// <param name="nextChange">The next instant at which time may change the answer; null if time changes nothing.</param>
    public ConnectableSet Connectable(
        Guid actorId,
        bool includeEveryone,
        ResourceVariant variant,
        in EvaluationSubject subject,
        DateTimeOffset now,
        out DateTimeOffset? nextChange)
    {
        var groups = GroupsOf(actorId);
        nextChange = null;
        if (_memo.Find(groups, includeEveryone, variant) is { } known)
            return known;
        var scan = ConnectableScan.Start();
        var policies = _state.PoliciesByGroup;
        foreach (var membership in groups)
            scan.Add(policies.GetValueOrDefault(membership.GroupId, []).AsSpan(), variant, subject, now);
        if (includeEveryone && Everyone is { } everyone)
            scan.Add(policies.GetValueOrDefault(everyone, []).AsSpan(), variant, subject, now);
        nextChange = scan.NextChange;
        var isForAll = !scan.HasConditions;
        var set = scan.Finish(_sets, variant);
        if (isForAll)
            _memo.Keep(groups, includeEveryone, set);
        return set;
    }

    /// <summary>
    /// Whether the actor's client has the resource now, but only through policies of the given kind: such as those that have changed, so
    /// that what the client has been told is no longer what grants.
    /// </summary>
    public bool GrantedOnlyBy(
        Guid actorId, bool includeEveryone, Guid resourceId, in EvaluationSubject subject, DateTimeOffset now, Func<Guid, bool> policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var granted = false;
        foreach (var candidate in PoliciesFor(resourceId))
        {
            if (!TryGetMembership(actorId, candidate.GroupId, includeEveryone, out _)
                || !PolicyEvaluator.Evaluate(candidate.Conditions, subject, now).Conforms)
            {
                continue;
            }

            if (!policy(candidate.Id))
                return false;
            granted = true;
        }

        return granted;
    }
}
