namespace Firezone.Admin.Authentication;

/// <summary>A token with what its validity depends on.</summary>
internal sealed class AdminTokenRow
{
    /// <summary>By id alone: the row tells the account, not the request.</summary>
    public const string Sql = """
        select t.account_id, t.actor_id, t.role, t.name, t.secret_salt, t.secret_hash,
            t.expires_at is not null and t.expires_at <= clock_timestamp() as expired,
            t.role = 'operator' or (a.disabled_at is null and a.type in ('api_client', 'account_admin_user')) as actor_good,
            acc.disabled_at is not null as account_disabled,
            t.last_used_at is null or t.last_used_at < clock_timestamp() - interval '1 minute' as stale
        from admin_tokens t
        left join actors a on a.account_id = t.account_id and a.id = t.actor_id
        left join accounts acc on acc.id = t.account_id
        where t.id = @id
        """;

    public Guid? AccountId { get; init; }

    public Guid? ActorId { get; init; }

    public string Role { get; init; } = "";

    public string Name { get; init; } = "";

    public byte[] SecretSalt { get; init; } = [];

    public byte[] SecretHash { get; init; } = [];

    public bool Expired { get; init; }

    public bool ActorGood { get; init; }

    public bool AccountDisabled { get; init; }

    public bool Stale { get; init; }
}
