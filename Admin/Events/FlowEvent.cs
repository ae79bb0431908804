namespace Firezone.Admin.Events;

/// <summary>A flow that was granted.</summary>
public sealed record FlowEvent
{
    /// <summary>The authorization.</summary>
    public Guid Id { get; init; }

    /// <summary>To whom.</summary>
    public Guid ClientId { get; init; }

    /// <summary>To whom.</summary>
    public string? ClientName { get; init; }

    /// <summary>Through which gateway.</summary>
    public Guid GatewayId { get; init; }

    /// <summary>Through which gateway.</summary>
    public string? GatewayName { get; init; }

    /// <summary>To what.</summary>
    public Guid ResourceId { get; init; }

    /// <summary>To what.</summary>
    public string? ResourceName { get; init; }

    /// <summary>By which policy.</summary>
    public Guid PolicyId { get; init; }

    /// <summary>Of the client's connect.</summary>
    public string ClientRemoteIp { get; init; } = "";

    /// <summary>Until when.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Since when.</summary>
    public DateTimeOffset CreatedAt { get; init; }
}
