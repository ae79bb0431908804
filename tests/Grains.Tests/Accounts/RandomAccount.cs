using Firezone.Storage.Postgres.Accounts;

namespace Firezone.Grains.Tests.Accounts;

/// <summary>An account's rows in a database of its own, changed by random transactions as the real one would record them.</summary>
internal sealed class RandomAccount(Random random)
{
    private static readonly ConditionRow[][] Conditions =
    [
        [], [], [],
        [new("remote_ip_location_region", "is_in", ["DE"])],
        [new("remote_ip_location_region", "is_in", ["US"])],
        [new("client_verified", "is", ["true"])],
        [new("current_utc_datetime", "is_in_day_of_week_time_ranges", ["M/08:00-17:00/Europe/Berlin"])],
    ];

    private readonly Dictionary<Guid, SiteRow> _sites = [];
    private readonly Dictionary<Guid, ResourceRow> _resources = [];
    private readonly Dictionary<Guid, GroupRow> _groups = [];
    private readonly Dictionary<Guid, MembershipRow> _memberships = [];
    private readonly Dictionary<Guid, (PolicyRow Row, bool Enabled)> _policies = [];
    private readonly List<AccountChange> _recorded = [];
    private string _slug = "acme";
    private AccountConfig _config = AccountConfig.Default;
    private int _ids;

    public long Version { get; private set; } = 1;

    public Guid[] Actors { get; } = [.. Enumerable.Range(1, 5).Select(n => new Guid(0, 0, (short)n, new byte[8]))];

    public IEnumerable<Guid> Groups => _groups.Keys;

    public IEnumerable<Guid> Resources => _resources.Keys;

    public IEnumerable<Guid> Policies => _policies.Keys;

    /// <summary>One to four changes in one transaction.</summary>
    public AccountChange[] Transact()
    {
        Version++;
        _recorded.Clear();
        for (var changes = random.Next(1, 5); changes > 0; changes--)
            Change();
        // Rows that refer to each other are recorded in any order.
        if (random.Next(2) == 0 && _recorded.Select(Key).Distinct().Count() == _recorded.Count)
            _recorded.Sort((a, b) => Key(a).GetHashCode().CompareTo(Key(b).GetHashCode()));
        return [.. _recorded];
    }

    public AccountData Data() => new(
        Id: Guid.Empty,
        Version: Version,
        Slug: _slug,
        Config: _config,
        Disabled: false,
        Sites: [.. _sites.Values],
        Resources: [.. _resources.Values],
        Groups: [.. _groups.Values],
        Memberships: [.. _memberships.Values],
        Policies: [.. _policies.Values.Where(p => p.Enabled).Select(p => p.Row)]);

    private void Change()
    {
        switch (random.Next(16))
        {
            case 0:
                Put(new SiteRow(OneOf(_sites, 4), Name()));
                break;
            case 1 when _sites.Count > 0:
                RemoveSite(Any(_sites));
                break;
            case 2 or 3 when _sites.Count > 0:
                AddResource();
                break;
            case 4 or 5 when _resources.Count > 0:
                ChangeResource(_resources[Any(_resources)]);
                break;
            case 6 when _resources.Count > 0:
                RemoveResource(Any(_resources));
                break;
            case 7:
                PutGroup(new GroupRow(OneOf(_groups, 6), Name(), false));
                break;
            case 8 when _groups.Count > 0 && random.Next(3) == 0:
                RemoveGroup(Any(_groups));
                break;
            case 9 or 10 when _groups.Values.Any(g => !g.IsEveryone):
                AddMembership();
                break;
            case 11 when _memberships.Count > 0:
                RemoveMembership(_memberships[Any(_memberships)]);
                break;
            case 12 or 13 when _groups.Count > 0 && _resources.Count > 0:
                Put(new PolicyRow(NewId(), Any(_groups), Any(_resources), Pick(Conditions), 1), enabled: true);
                break;
            case 14 when _policies.Count > 0:
                ChangePolicy(Any(_policies));
                break;
            default:
                ChangeOther();
                break;
        }
    }

    private void AddResource() => Put(new ResourceRow(
        NewId(),
        random.Next(6) == 0 ? "internet" : "dns",
        Name(),
        Pick(["*.a.example", "**.b.example", "c.*.example", "d.example"]),
        null,
        null,
        [],
        Any(_sites),
        1));

    private void ChangeResource(ResourceRow row) => Put(random.Next(6) switch
    {
        0 => row with { Name = Name() },
        1 => row with { AddressDescription = Name() },
        2 => row with { Filters = [new FilterRow("tcp", [random.Next(1, 9).ToString()])] },
        3 => row with { Address = $"{Name()}.example", Revision = row.Revision + 1 },
        4 when _sites.Count > 0 => row with { SiteId = Any(_sites), Revision = row.Revision + 1 },
        _ => row with { SiteId = null, Revision = row.Revision + 1 },
    });

    private void RemoveSite(Guid id)
    {
        _sites.Remove(id);
        _recorded.Add(new AccountChange.SiteRemoved(Version, id));
        foreach (var row in _resources.Values.Where(r => r.SiteId == id).ToArray())
            Put(row with { SiteId = null, Revision = row.Revision + 1 });
    }

    private void RemoveResource(Guid id)
    {
        foreach (var policy in _policies.Values.Where(p => p.Row.ResourceId == id).ToArray())
            RemovePolicy(policy.Row.Id);
        _resources.Remove(id);
        _recorded.Add(new AccountChange.ResourceRemoved(Version, id));
    }

    private void RemoveGroup(Guid id)
    {
        _groups.Remove(id);
        _recorded.Add(new AccountChange.GroupRemoved(Version, id));
        foreach (var membership in _memberships.Values.Where(m => m.GroupId == id).ToArray())
            RemoveMembership(membership);
        foreach (var policy in _policies.Values.Where(p => p.Row.GroupId == id).ToArray())
            RemovePolicy(policy.Row.Id);
    }

    private void AddMembership()
    {
        var row = new MembershipRow(NewId(), Pick(_groups.Values.Where(g => !g.IsEveryone).Select(g => g.Id).ToArray()), Pick(Actors));
        if (_memberships.Values.FirstOrDefault(m => (m.GroupId, m.ActorId) == (row.GroupId, row.ActorId)) is { } old)
        {
            // The same pair again with another id, or the same id with another actor.
            RemoveMembership(old);
            row = row with { Id = random.Next(2) == 0 ? old.Id : row.Id, ActorId = random.Next(2) == 0 ? old.ActorId : Pick(Actors) };
            if (_memberships.Values.Any(m => (m.GroupId, m.ActorId) == (row.GroupId, row.ActorId)))
                return;
        }

        _memberships[row.Id] = row;
        _recorded.Add(new AccountChange.MembershipPut(Version, row));
    }

    private void RemoveMembership(MembershipRow row)
    {
        _memberships.Remove(row.Id);
        _recorded.Add(new AccountChange.MembershipRemoved(Version, row));
    }

    private void ChangePolicy(Guid id)
    {
        var (row, enabled) = _policies[id];
        var revised = row with { Revision = row.Revision + 1 };
        switch (random.Next(6))
        {
            case 0:
                RemovePolicy(id);
                break;
            case 1:
                Put(revised, !enabled);
                break;
            case 2 when _groups.Count > 0:
                Put(revised with { GroupId = Any(_groups) }, enabled);
                break;
            case 3 when _resources.Count > 0:
                Put(revised with { ResourceId = Any(_resources) }, enabled);
                break;
            case 4:
                Put(revised with { Conditions = Pick(Conditions) }, enabled);
                break;
            default:
                // Its description.
                Put(row, enabled);
                break;
        }
    }

    private void ChangeOther()
    {
        switch (random.Next(3))
        {
            case 0:
                (_slug, _config) = (Name(), _config with { SearchDomain = Name() });
                _recorded.Add(new AccountChange.AccountUpdated(Version, _slug, _config, false));
                break;
            case 1 when _groups.Values.All(g => !g.IsEveryone):
                PutGroup(new GroupRow(NewId(), "Everyone", true));
                break;
            default:
                _recorded.Add(new AccountChange.ClientTokenRemoved(Version, NewId()));
                break;
        }
    }

    private void Put(SiteRow row)
    {
        _sites[row.Id] = row;
        _recorded.Add(new AccountChange.SitePut(Version, row));
    }

    private void PutGroup(GroupRow row)
    {
        row = row with { IsEveryone = row.IsEveryone || (_groups.TryGetValue(row.Id, out var old) && old.IsEveryone) };
        _groups[row.Id] = row;
        _recorded.Add(new AccountChange.GroupPut(Version, row));
    }

    private void Put(ResourceRow row)
    {
        _resources[row.Id] = row;
        _recorded.Add(new AccountChange.ResourcePut(Version, row));
    }

    private void Put(PolicyRow row, bool enabled)
    {
        _policies[row.Id] = (row, enabled);
        _recorded.Add(enabled ? new AccountChange.PolicyPut(Version, row) : new AccountChange.PolicyRemoved(Version, row.Id));
    }

    private void RemovePolicy(Guid id)
    {
        _policies.Remove(id);
        _recorded.Add(new AccountChange.PolicyRemoved(Version, id));
    }

    private static Guid Key(AccountChange change) => change switch
    {
        AccountChange.SitePut c => c.Row.Id,
        AccountChange.SiteRemoved c => c.Id,
        AccountChange.ResourcePut c => c.Row.Id,
        AccountChange.ResourceRemoved c => c.Id,
        AccountChange.GroupPut c => c.Row.Id,
        AccountChange.GroupRemoved c => c.Id,
        AccountChange.MembershipPut c => c.Row.Id,
        AccountChange.MembershipRemoved c => c.Row.Id,
        AccountChange.PolicyPut c => c.Row.Id,
        AccountChange.PolicyRemoved c => c.Id,
        AccountChange.ClientTokenRemoved c => c.Id,
        _ => Guid.Empty,
    };

    // Scattered by a fixed mix, so that ids of one kind are not in the order of their creation.
    private Guid NewId() => new(unchecked((int)(++_ids * 2654435761)), 0, 0, new byte[8]);

    private Guid OneOf<T>(Dictionary<Guid, T> rows, int most) =>
        rows.Count == 0 || (rows.Count < most && random.Next(2) == 0) ? NewId() : Any(rows);

    private Guid Any<T>(Dictionary<Guid, T> rows) => rows.Keys.ElementAt(random.Next(rows.Count));

    private T Pick<T>(T[] items) => items[random.Next(items.Length)];

    private string Name() => $"n{random.Next(4)}";
}
