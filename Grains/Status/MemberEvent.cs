namespace Firezone.Grains.Status;

/// <summary>An event of the cluster's membership, as one silo saw it.</summary>
/// <param name="At">When, by that silo's clock.</param>
/// <param name="Silo">Whom it concerns: address, port and generation.</param>
/// <param name="SiloName">Its name; empty if the observer does not know it.</param>
/// <param name="Kind">One of a small fixed set of words.</param>
/// <param name="Detail">Why; null: there is nothing more to say.</param>
[GenerateSerializer, Immutable, Alias("fz.MemberEvent")]
public sealed record MemberEvent(
    [property: Id(0)] DateTimeOffset At,
    [property: Id(1)] string Silo,
    [property: Id(2)] string SiloName,
    [property: Id(3)] string Kind,
    [property: Id(4)] string? Detail);
