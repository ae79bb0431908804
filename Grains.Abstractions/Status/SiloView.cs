namespace Firezone.Grains.Abstractions.Status;

/// <summary>A silo.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Host and port for other silos.</param>
/// <param name="Region">Null when it has none.</param>
/// <param name="Zone">Null when it has none.</param>
/// <param name="Status">In lower case with underscores, e.g. <c>active</c>.</param>
/// <param name="StartedAt">When its process began, by its own clock.</param>
[GenerateSerializer, Immutable, Alias("fz.SiloView")]
public sealed record SiloView(
    [property: Id(0)] string Name,
    [property: Id(1)] string Address,
    [property: Id(2)] string? Region,
    [property: Id(3)] string? Zone,
    [property: Id(4)] string Status,
    [property: Id(5)] DateTimeOffset StartedAt);
