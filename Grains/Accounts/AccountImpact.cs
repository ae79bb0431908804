namespace Firezone.Grains.Accounts;

/// <summary>
/// What a step between two versions of an account may concern. It says whom to wake; what they have to be told, they find by comparing.
/// Each list gives the version of the last change of an id. Immutable.
/// </summary>
public sealed class AccountImpact
{
    private static readonly Dictionary<Guid, long> NoIds = [];

    private readonly Dictionary<Guid, long>?[] _ids;

    internal AccountImpact(long fromVersion, long toVersion, Dictionary<Guid, long>?[] ids, long configChanged, long slugChanged)
    {
        FromVersion = fromVersion;
        ToVersion = toVersion;
        ConfigChanged = configChanged;
        SlugChanged = slugChanged;
        _ids = ids;
        IdCount = ids.Sum(list => list?.Count ?? 0);
    }

    /// <summary>The version before the step.</summary>
    public long FromVersion { get; }

    /// <summary>The version after the step.</summary>
    public long ToVersion { get; }

    /// <summary>The account was read anew: anything may have changed, whatever the lists say.</summary>
    public bool IsWhole { get; private init; }

    /// <summary>Nothing that concerns anybody.</summary>
    public bool IsEmpty => !IsWhole && IdCount == 0 && ConfigChanged == 0 && SlugChanged == 0;

    /// <summary>Groups whose members may see something else; of a moved policy both the old and the new one.</summary>
    public IReadOnlyDictionary<Guid, long> Groups => Ids(ImpactKind.Groups);

    /// <summary>Groups that were everybody's and are so no longer: all users have lost what they grant.</summary>
    public IReadOnlyDictionary<Guid, long> FormerEveryone => Ids(ImpactKind.FormerEveryone);

    /// <summary>Actors whose memberships changed.</summary>
    public IReadOnlyDictionary<Guid, long> Actors => Ids(ImpactKind.Actors);

    /// <summary>Policies with a new revision that were and are enabled.</summary>
    public IReadOnlyDictionary<Guid, long> PoliciesChanged => Ids(ImpactKind.PoliciesChanged);

    /// <summary>Policies that were deleted or disabled.</summary>
    public IReadOnlyDictionary<Guid, long> PoliciesRemoved => Ids(ImpactKind.PoliciesRemoved);

    /// <summary>Resources with a new revision.</summary>
    public IReadOnlyDictionary<Guid, long> ResourcesChanged => Ids(ImpactKind.ResourcesChanged);

    /// <summary>Deleted resources.</summary>
    public IReadOnlyDictionary<Guid, long> ResourcesRemoved => Ids(ImpactKind.ResourcesRemoved);

    /// <summary>Resources with other filters.</summary>
    public IReadOnlyDictionary<Guid, long> ResourcesFiltered => Ids(ImpactKind.ResourcesFiltered);

    /// <summary>Deleted memberships.</summary>
    public IReadOnlyDictionary<Guid, long> MembershipsRemoved => Ids(ImpactKind.MembershipsRemoved);

    /// <summary>Clients that an administrator has verified.</summary>
    public IReadOnlyDictionary<Guid, long> ClientsVerified => Ids(ImpactKind.ClientsVerified);

    /// <summary>Clients that are no longer verified.</summary>
    public IReadOnlyDictionary<Guid, long> ClientsUnverified => Ids(ImpactKind.ClientsUnverified);

    /// <summary>Deleted clients.</summary>
    public IReadOnlyDictionary<Guid, long> ClientsRemoved => Ids(ImpactKind.ClientsRemoved);

    /// <summary>Deleted client tokens.</summary>
    public IReadOnlyDictionary<Guid, long> ClientTokensRemoved => Ids(ImpactKind.ClientTokensRemoved);

    /// <summary>Deleted gateways.</summary>
    public IReadOnlyDictionary<Guid, long> GatewaysRemoved => Ids(ImpactKind.GatewaysRemoved);

    /// <summary>Deleted gateway tokens.</summary>
    public IReadOnlyDictionary<Guid, long> GatewayTokensRemoved => Ids(ImpactKind.GatewayTokensRemoved);

    /// <summary>Gateways of which an authorization was deleted by itself.</summary>
    public IReadOnlyDictionary<Guid, long> GatewaysRevoked => Ids(ImpactKind.GatewaysRevoked);

    /// <summary>Version of the last change of the DNS settings, or 0.</summary>
    public long ConfigChanged { get; }

    /// <summary>Version of the last change of the account's short name, or 0.</summary>
    public long SlugChanged { get; }

    /// <summary>How many entries the lists have together.</summary>
    internal int IdCount { get; }

    /// <summary>Nothing has changed.</summary>
    public static AccountImpact None { get; } = new(0, 0, [], 0, 0);

    /// <summary>Anything may have changed.</summary>
    public static AccountImpact Whole(long fromVersion, long toVersion) => new(fromVersion, toVersion, [], 0, 0) { IsWhole = true };

    internal Dictionary<Guid, long> Ids(ImpactKind kind) => (int)kind < _ids.Length ? _ids[(int)kind] ?? NoIds : NoIds;
}
