using System.Globalization;
using Firezone.Grains.Abstractions.Sessions;

namespace Firezone.Gateway.WebSockets.Locations;

/// <summary>Reads where a connect comes from out of a load balancer's headers.</summary>
public static class LocationResolver
{
    private const int MaxCityLength = 255;

    /// <summary>Azure Front Door's country first, then the custom headers of other load balancers. Empty values count as absent.</summary>
    public static Location Resolve(IHeaderDictionary headers)
    {
        if (Country(headers["X-Azure-Geo-Country"]) is { } country)
            return Create(country, null, null);

        var region = Country(headers["X-Geo-Location-Region"]);
        var city = Text(headers["X-Geo-Location-City"]);
        var coordinates = Coordinates(Text(headers["X-Geo-Location-Coordinates"]));
        return region is null && city is null && coordinates is null ? Location.Unknown : Create(region, city, coordinates);
    }

    private static Location Create(string? region, string? city, (double Latitude, double Longitude)? coordinates)
    {
        coordinates ??= region is null ? null : CountryCentroids.Find(region);
        return new Location(region, city, coordinates?.Latitude, coordinates?.Longitude);
    }

    private static string? Country(string? header) =>
        Text(header) is { Length: 2 } text && char.IsAsciiLetter(text[0]) && char.IsAsciiLetter(text[1]) ? text.ToUpperInvariant() : null;

    private static string? Text(string? header)
    {
        var text = header?.Trim();
        return string.IsNullOrEmpty(text) || text.Length > MaxCityLength ? null : text;
    }

    private static (double Latitude, double Longitude)? Coordinates(string? text)
    {
        const NumberStyles decimals = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite
            | NumberStyles.AllowTrailingWhite;

        var comma = text?.IndexOf(',') ?? -1;
        return comma >= 0
            && double.TryParse(text.AsSpan(0, comma), decimals, CultureInfo.InvariantCulture, out var latitude)
            && double.TryParse(text.AsSpan(comma + 1), decimals, CultureInfo.InvariantCulture, out var longitude)
            && Math.Abs(latitude) <= 90
            && Math.Abs(longitude) <= 180
                ? (latitude, longitude)
                : null;
    }
}
