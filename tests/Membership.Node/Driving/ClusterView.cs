namespace Firezone.Membership.Node.Driving;

/// <summary>What a silo holds true about the cluster.</summary>
/// <param name="Time">Since when, in microseconds since 1970.</param>
/// <param name="Version">Version of the membership table.</param>
/// <param name="Silos">Status by silo (<c>address:port@generation</c>); those that are dead may be missing.</param>
public sealed record ClusterView(long Time, long Version, IReadOnlyDictionary<string, string> Silos)
{
    public static ClusterView Empty { get; } = new(0, -1, new Dictionary<string, string>());

    public IEnumerable<string> Active => Silos.Where(silo => silo.Value == "Active").Select(silo => silo.Key);

    public bool IsActive(string silo) => Silos.GetValueOrDefault(silo) == "Active";

    public bool IsGone(string silo) => Silos.GetValueOrDefault(silo) is null or "Dead";

    public bool HasExactly(IEnumerable<string> silos) => Active.ToHashSet().SetEquals(silos);

    /// <summary>From a <c>view</c> event.</summary>
    public static ClusterView From(NodeEvent said) => new(
        said.Time,
        said.Data.GetProperty("version").GetInt64(),
        said.Data.GetProperty("silos").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!));

    public override string ToString() => $"version {Version}: {string.Join(", ", Silos.Select(silo => $"{silo.Key} {silo.Value}"))}";
}
