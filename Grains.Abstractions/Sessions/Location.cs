namespace Firezone.Grains.Abstractions.Sessions;

/// <summary>Where a connect came from.</summary>
/// <param name="Region">ISO 3166-1 alpha-2 country code, or null when unknown.</param>
/// <param name="City">English city name, or null.</param>
/// <param name="Latitude">Degrees, null together with <paramref name="Longitude"/>.</param>
/// <param name="Longitude">Degrees.</param>
[GenerateSerializer, Immutable, Alias("fz.Location")]
public sealed record Location(
    [property: Id(0)] string? Region,
    [property: Id(1)] string? City,
    [property: Id(2)] double? Latitude,
    [property: Id(3)] double? Longitude)
{
    /// <summary>Nothing is known.</summary>
    public static Location Unknown { get; } = new(null, null, null, null);
}
