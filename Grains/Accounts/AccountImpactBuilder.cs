namespace Firezone.Grains.Accounts;

/// <summary>Collects an impact. Of several versions for one id the highest is kept.</summary>
internal sealed class AccountImpactBuilder
{
    private readonly Dictionary<Guid, long>?[] _ids = new Dictionary<Guid, long>?[(int)ImpactKind.Count];
    private long _config;
    private long _slug;

    public void Add(ImpactKind kind, Guid id, long version)
    {
        var ids = _ids[(int)kind] ??= [];
        if (!ids.TryGetValue(id, out var known) || known < version)
            ids[id] = version;
    }

    public void ConfigChanged(long version) => _config = Math.Max(_config, version);

    public void SlugChanged(long version) => _slug = Math.Max(_slug, version);

    /// <summary>Adds what another impact says about versions after the given one.</summary>
    public void Add(AccountImpact impact, long after)
    {
        for (var kind = (ImpactKind)0; kind < ImpactKind.Count; kind++)
        {
            foreach (var (id, version) in impact.Ids(kind))
            {
                if (version > after)
                    Add(kind, id, version);
            }
        }

        if (impact.ConfigChanged > after)
            ConfigChanged(impact.ConfigChanged);
        if (impact.SlugChanged > after)
            SlugChanged(impact.SlugChanged);
    }

    /// <summary>The builder must not be used afterwards.</summary>
    public AccountImpact Build(long fromVersion, long toVersion) => new(fromVersion, toVersion, _ids, _config, _slug);
}
