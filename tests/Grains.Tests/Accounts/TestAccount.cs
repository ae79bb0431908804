using Firezone.Grains.Accounts;
using Firezone.Storage.Postgres.Accounts;

namespace Firezone.Grains.Tests.Accounts;

/// <summary>Builds account rows for snapshot tests; ids are readable and stable.</summary>
internal sealed class TestAccount
{
    private readonly List<SiteRow> _sites = [];
    private readonly List<ResourceRow> _resources = [];
    private readonly List<GroupRow> _groups = [];
    private readonly List<MembershipRow> _memberships = [];
    private readonly List<PolicyRow> _policies = [];
    private int _next = 1;

    public Guid Site(string name) => Add(_sites, id => new SiteRow(id, name));

    public Guid Resource(Guid? site, string type = "cidr", string? address = "10.20.0.0/16", string name = "Lab") =>
        Add(_resources, id => new ResourceRow(id, type, name, address, null, null, [], site, 1));

    public Guid Group(bool everyone = false) => Add(_groups, id => new GroupRow(id, everyone ? "Everyone" : "Group", everyone));

    public Guid Member(Guid group, Guid actor) => Add(_memberships, id => new MembershipRow(id, group, actor));

    public Guid Policy(Guid group, Guid resource, params ConditionRow[] conditions) =>
        Add(_policies, id => new PolicyRow(id, group, resource, conditions, 1));

    public Guid Id() => new(_next++, 0, 0, new byte[8]);

    public void ReplaceResource(Guid id, Func<ResourceRow, ResourceRow> change)
    {
        var index = _resources.FindIndex(r => r.Id == id);
        _resources[index] = change(_resources[index]);
    }

    public void Remove(Guid policy) => _policies.RemoveAll(p => p.Id == policy);

    public AccountSnapshot Build() => AccountSnapshot.From(Data());

    public AccountData Data() => new(
        Id: new Guid("aaaaaaaa-0000-4000-8000-000000000000"),
        Version: _next,
        Slug: "acme",
        Config: AccountConfig.Default,
        Sites: [.. _sites],
        Resources: [.. _resources],
        Groups: [.. _groups],
        Memberships: [.. _memberships],
        Policies: [.. _policies],
        Disabled: false);

    private Guid Add<T>(List<T> rows, Func<Guid, T> make)
    {
        var id = Id();
        rows.Add(make(id));
        return id;
    }
}
