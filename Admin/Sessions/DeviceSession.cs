using Firezone.Admin.Listing;

namespace Firezone.Admin.Sessions;

/// <summary>A connection of a device.</summary>
public sealed record DeviceSession : IListed
{
    internal const string Select = """
        select x.id, x.kind, x.device_id, coalesce(c.name, g.name) as device_name, x.token_id, x.region, f.name as front_end, x.remote_ip,
            x.version, x.opened_at, x.ended_at
        from sessions x
        left join clients c on x.kind = 'client' and c.account_id = x.account_id and c.id = x.device_id
        left join gateways g on x.kind = 'gateway' and g.account_id = x.account_id and g.id = x.device_id
        left join front_ends f on f.id = x.front_end_id
        """;

    /// <summary>Identifies the session.</summary>
    public Guid Id { get; init; }

    /// <summary><c>client</c> or <c>gateway</c>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The client or gateway.</summary>
    public Guid DeviceId { get; init; }

    /// <summary>Null when the device is gone.</summary>
    public string? DeviceName { get; init; }

    /// <summary>The credential used.</summary>
    public Guid TokenId { get; init; }

    /// <summary>Region of the front-end.</summary>
    public string Region { get; init; } = "";

    /// <summary>Name of the front-end; null when it is gone.</summary>
    public string? FrontEnd { get; init; }

    /// <summary>Real address of the device.</summary>
    public string RemoteIp { get; init; } = "";

    /// <summary>Of the device's program.</summary>
    public string Version { get; init; } = "";

    /// <summary>Since when.</summary>
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>Null: it is live.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    Cursor IListed.Place() => new(OpenedAt, Id);
}
