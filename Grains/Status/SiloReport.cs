namespace Firezone.Grains.Status;

/// <summary>What a silo tells operators of itself. Its size does not depend on how many sessions there are.</summary>
/// <param name="Version">Of its program.</param>
/// <param name="Region">Its region label.</param>
/// <param name="Roles">What this silo alone does for the cluster.</param>
/// <param name="SessionGrains">Sessions whose grains are here.</param>
/// <param name="MemoryBytes">Of its process.</param>
/// <param name="Database">Whether its connects may ask the database: <c>closed</c> (yes), <c>half open</c> or <c>open</c> (no).</param>
/// <param name="Replicas">That it reads from.</param>
/// <param name="Events">Of the cluster's membership, the oldest first.</param>
/// <param name="Uptime">Since it began.</param>
[GenerateSerializer, Immutable, Alias("fz.SiloReport")]
public sealed record SiloReport(
    [property: Id(0)] string Version,
    [property: Id(1)] string Region,
    [property: Id(2)] string[] Roles,
    [property: Id(3)] int SessionGrains,
    [property: Id(4)] long MemoryBytes,
    [property: Id(5)] string Database,
    [property: Id(6)] ReplicaReport[] Replicas,
    [property: Id(7)] MemberEvent[] Events,
    [property: Id(8)] TimeSpan Uptime);
