namespace Firezone.Storage.Postgres.Accounts;

/// <summary>
/// One recorded change. "Put" carries a row as it is after its insertion or update; a row may be put or removed that the reader does not
/// know, and within one version in any order.
/// </summary>
/// <param name="Version">The account's version that the change is part of; all changes of a transaction have the same.</param>
public abstract record AccountChange(long Version)
{
    /// <summary>The account was created, or one of these was changed.</summary>
    /// <param name="Version">Of the change.</param>
    /// <param name="Slug">Short name.</param>
    /// <param name="Config">DNS settings.</param>
    /// <param name="Disabled">Clients are kept out.</param>
    public sealed record AccountUpdated(long Version, string Slug, AccountConfig Config, bool Disabled) : AccountChange(Version);

    /// <summary>A site was created or renamed.</summary>
    /// <param name="Version">Of the change.</param>
    /// <param name="Row">As it is now.</param>
    public sealed record SitePut(long Version, SiteRow Row) : AccountChange(Version);

    /// <summary>A site was deleted.</summary>
    /// <param name="Version">Of the change.</param>
    /// <param name="Id">The site.</param>
    public sealed record SiteRemoved(long Version, Guid Id) : AccountChange(Version);

    /// <summary>A resource was created or changed.</summary>
    /// <param name="Version">Of the change.</param>
    /// <param name="Row">As it is now.</param>
    public sealed record ResourcePut(long Version, ResourceRow Row) : AccountChange(Version);

    /// <summary>A resource was deleted.</summary>
    /// <param name="Version">Of the change.</param>
    /// <param name="Id">The resource.</param>
    public sealed record ResourceRemoved(long Version, Guid Id) : AccountChange(Version);

    /// <summary>A group was created or changed.</summary>
    /// <param name="Version">Of the change.</param>
    /// <param name="Row">As it is now.</param>
    public sealed record GroupPut(long Version, GroupRow Row) : AccountChange(Version);

    /// <summary>A group was deleted.</summary>
    /// <param name="Version">Of the change.</param>
    /// <param name="Id">The group.</param>
    public sealed record GroupRemoved(long Version, Guid Id) : AccountChange(Version);

    /// <summary>A membership was created. One that was rewritten is removed first, then put.</summary>
    /// <param name="Version">Of the change.</param>
    /// <param name="Row">As it is now.</param>
    public sealed record MembershipPut(long Version, MembershipRow Row) : AccountChange(Version);

    /// <summary>A membership was deleted or rewritten.</summary>
    /// <param name="Version">Of the change.</param>
    /// <param name="Row">As it was.</param>
    public sealed record MembershipRemoved(long Version, MembershipRow Row) : AccountChange(Version);

    /// <summary>A policy was created, enabled or changed, and is enabled.</summary>
    /// <param name="Version">Of the change.</param>
    /// <param name="Row">As it is now.</param>
    public sealed record PolicyPut(long Version, PolicyRow Row) : AccountChange(Version);

    /// <summary>A policy was deleted, or is disabled.</summary>
    /// <param name="Version">Of the change.</param>
    /// <param name="Id">The policy.</param>
    public sealed record PolicyRemoved(long Version, Guid Id) : AccountChange(Version);

    /// <summary>An administrator verified a client or took that back, or its hardware changed.</summary>
    /// <param name="Version">Of the change.</param>
    /// <param name="ClientId">The client.</param>
    /// <param name="Verified">As it is now.</param>
    public sealed record ClientVerification(long Version, Guid ClientId, bool Verified) : AccountChange(Version);

    /// <summary>A client was deleted.</summary>
    /// <param name="Version">Of the change.</param>
    /// <param name="Id">The client.</param>
    public sealed record ClientRemoved(long Version, Guid Id) : AccountChange(Version);

    /// <summary>A client token was deleted, also because it had expired or because its actor or account was disabled.</summary>
    /// <param name="Version">Of the change.</param>
    /// <param name="Id">The token.</param>
    public sealed record ClientTokenRemoved(long Version, Guid Id) : AccountChange(Version);

    /// <summary>A gateway was deleted.</summary>
    /// <param name="Version">Of the change.</param>
    /// <param name="Id">The gateway.</param>
    public sealed record GatewayRemoved(long Version, Guid Id) : AccountChange(Version);

    /// <summary>A gateway token was deleted.</summary>
    /// <param name="Version">Of the change.</param>
    /// <param name="Id">The token.</param>
    public sealed record GatewayTokenRemoved(long Version, Guid Id) : AccountChange(Version);

    /// <summary>An authorization that had not expired was deleted by itself, not because of another change.</summary>
    /// <param name="Version">Of the change.</param>
    /// <param name="GatewayId">Who holds it.</param>
    public sealed record AuthorizationRevoked(long Version, Guid GatewayId) : AccountChange(Version);
}
