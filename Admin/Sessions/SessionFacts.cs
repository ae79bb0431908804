namespace Firezone.Admin.Sessions;

/// <summary>What the database knows of one session.</summary>
internal sealed class SessionFacts
{
    /// <summary>Of any account; relays have none.</summary>
    internal const string Any = Select + " where x.id = @id";

    /// <summary>Of the caller's account.</summary>
    internal const string Own = Any + " and x.account_id = @account";

    /// <summary>Nobody holds its socket any more.</summary>
    internal const string End = "update sessions set ended_at = coalesce(ended_at, clock_timestamp()) where id = @id";

    private const string Select = """
        select x.id, x.kind, x.account_id, x.device_id, coalesce(c.name, g.name) as device_name, c.actor_id, a.name as actor_name, x.front_end_id,
            f.name as front_end, x.region, x.remote_ip, x.version, x.opened_at, x.ended_at, o.version as account_version
        from sessions x
        left join accounts o on o.id = x.account_id
        left join clients c on x.kind = 'client' and c.account_id = x.account_id and c.id = x.device_id
        left join actors a on a.account_id = c.account_id and a.id = c.actor_id
        left join gateways g on x.kind = 'gateway' and g.account_id = x.account_id and g.id = x.device_id
        left join front_ends f on f.id = x.front_end_id
        """;

    public Guid Id { get; init; }

    public string Kind { get; init; } = "";

    public Guid? AccountId { get; init; }

    public Guid DeviceId { get; init; }

    public string? DeviceName { get; init; }

    public Guid? ActorId { get; init; }

    public string? ActorName { get; init; }

    public Guid FrontEndId { get; init; }

    public string? FrontEnd { get; init; }

    public string Region { get; init; } = "";

    public string RemoteIp { get; init; } = "";

    public string Version { get; init; } = "";

    public DateTimeOffset OpenedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public long? AccountVersion { get; init; }
}
