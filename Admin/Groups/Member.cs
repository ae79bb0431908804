using Firezone.Admin.Listing;

namespace Firezone.Admin.Groups;

/// <summary>An actor in a group.</summary>
public sealed record Member : IListed
{
    internal const string Select = """
        select x.id as membership_id, x.actor_id, a.name, a.type, a.email, x.created_at
        from memberships x join actors a on a.account_id = x.account_id and a.id = x.actor_id
        """;

    /// <summary>The membership; authorizations refer to it.</summary>
    public Guid MembershipId { get; init; }

    /// <summary>The actor.</summary>
    public Guid ActorId { get; init; }

    /// <summary>Of the actor.</summary>
    public string Name { get; init; } = "";

    /// <summary>Of the actor.</summary>
    public string Type { get; init; } = "";

    /// <summary>Of the actor.</summary>
    public string? Email { get; init; }

    /// <summary>Since when it is a member.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    Cursor IListed.Place() => new(CreatedAt, MembershipId);
}
