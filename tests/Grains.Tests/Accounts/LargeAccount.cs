using System.Net;
using Firezone.Grains.Accounts;
using Firezone.Grains.Policies;
using Firezone.Storage.Postgres.Accounts;

namespace Firezone.Grains.Tests.Accounts;

/// <summary>1,000 policies from 500 groups to 500 resources; the actors are in 100 random groups each.</summary>
internal sealed class LargeAccount
{
    public const int MembershipsPerActor = 100;

    private static readonly EvaluationSubject Someone = new("DE", IPAddress.Parse("203.0.113.7"), null, false);
    private readonly Random _random = new(1);

    public LargeAccount(int actors)
    {
        var site = new SiteRow(NewId(), "Frankfurt");
        Groups = [.. Enumerable.Range(0, 500).Select(n => new GroupRow(NewId(), $"Group {n}", false))];
        Actors = [.. Enumerable.Range(0, actors).Select(_ => NewId())];
        var resources = Enumerable.Range(0, 500)
            .Select(n => new ResourceRow(NewId(), "dns", $"Host {n}", $"host-{n}.example.com", null, null, [], site.Id, 1)).ToArray();
        Policies = [.. Enumerable.Range(0, 1000).Select(_ => new PolicyRow(NewId(), Any(Groups).Id, Any(resources).Id, [], 1))];
        Data = new AccountData(
            Id: NewId(),
            Version: 1,
            Slug: "acme",
            Config: AccountConfig.Default,
            Disabled: false,
            Sites: [site],
            Resources: resources,
            Groups: Groups,
            Memberships: [.. Actors.SelectMany(MembershipsOf)],
            Policies: Policies);
    }

    public AccountData Data { get; }

    public Guid[] Actors { get; }

    public GroupRow[] Groups { get; }

    public PolicyRow[] Policies { get; }

    public static ConnectableSet Connectable(AccountSnapshot snapshot, Guid actor) =>
        snapshot.Connectable(actor, true, ResourceVariant.Current, Someone, DateTimeOffset.UnixEpoch, out _);

    public Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }

    public T Any<T>(T[] items) => items[_random.Next(items.Length)];

    public MembershipRow[] MembershipsOf(Guid actor)
    {
        var groups = Groups.ToArray();
        _random.Shuffle(groups);
        return [.. groups.Take(MembershipsPerActor).Select(g => new MembershipRow(NewId(), g.Id, actor))];
    }
}
