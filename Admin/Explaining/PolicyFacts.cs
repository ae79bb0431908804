using Firezone.Admin.Policies;

namespace Firezone.Admin.Explaining;

/// <summary>A policy of the resource, and whether the actor belongs to its group.</summary>
internal sealed class PolicyFacts
{
    public const string Sql = """
        select x.id, x.group_id, g.name as group_name, x.conditions, x.disabled_at is not null as disabled, m.id as membership_id,
            m.id is not null or (g.is_everyone and @everyone) as member
        from policies x
        join groups g on g.account_id = x.account_id and g.id = x.group_id
        left join memberships m on m.account_id = x.account_id and m.group_id = x.group_id and m.actor_id = @actor
        where x.account_id = @account and x.resource_id = @resource
        order by x.created_at, x.id
        limit 200
        """;

    public Guid Id { get; init; }

    public Guid GroupId { get; init; }

    public string GroupName { get; init; } = "";

    public PolicyCondition[] Conditions { get; init; } = [];

    public bool Disabled { get; init; }

    public Guid? MembershipId { get; init; }

    public bool Member { get; init; }
}
