using Firezone.Grains.Abstractions.Sessions;

namespace Firezone.Grains.Geo;

/// <summary>Distances on a sphere of the earth's mean radius; good enough to order gateways and relays.</summary>
public static class GreatCircle
{
    /// <summary>Kilometres.</summary>
    public const double EarthRadius = 6371.0;

    /// <summary>Kilometres between two points given in degrees, by the haversine formula.</summary>
    public static double Kilometers(double latitude1, double longitude1, double latitude2, double longitude2)
    {
        var latitude = Math.Sin(double.DegreesToRadians(latitude2 - latitude1) / 2);
        var longitude = Math.Sin(double.DegreesToRadians(longitude2 - longitude1) / 2);
        var a = (latitude * latitude) + (Math.Cos(double.DegreesToRadians(latitude1))
            * Math.Cos(double.DegreesToRadians(latitude2)) * longitude * longitude);

        // Rounding can push points on opposite sides of the earth just above one, where the arcsine has no value.
        return 2 * EarthRadius * Math.Asin(Math.Sqrt(Math.Clamp(a, 0, 1)));
    }

    /// <summary>Kilometres, or null if either place is unknown.</summary>
    public static double? Between(Location a, Location b)
    {
        return HasCoordinates(a) && HasCoordinates(b)
            ? Kilometers(a.Latitude!.Value, a.Longitude!.Value, b.Latitude!.Value, b.Longitude!.Value)
            : null;
    }

    /// <summary>Both coordinates are known and are numbers.</summary>
    public static bool HasCoordinates(Location location)
    {
        ArgumentNullException.ThrowIfNull(location);
        return location is { Latitude: { } latitude, Longitude: { } longitude } && double.IsFinite(latitude) && double.IsFinite(longitude);
    }
}
