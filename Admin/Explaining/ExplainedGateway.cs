namespace Firezone.Admin.Explaining;

/// <summary>The gateway that would be chosen.</summary>
public sealed record ExplainedGateway
{
    /// <summary>The resource's site.</summary>
    public required Guid SiteId { get; init; }

    /// <summary>The resource's site.</summary>
    public required string SiteName { get; init; }

    /// <summary>The gateway; null: none.</summary>
    public required Guid? GatewayId { get; init; }

    /// <summary>Of the gateway.</summary>
    public required string? Name { get; init; }

    /// <summary>Of the gateway.</summary>
    public required string? Version { get; init; }

    /// <summary>Of the gateway.</summary>
    public required string? RemoteIp { get; init; }

    /// <summary>Why none: <c>offline</c> or <c>version_mismatch</c>.</summary>
    public required string? Failure { get; init; }
}
