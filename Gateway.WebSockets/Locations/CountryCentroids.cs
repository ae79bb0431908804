using System.Collections.Frozen;
using System.Globalization;

namespace Firezone.Gateway.WebSockets.Locations;

/// <summary>
/// Default coordinates per country, for connects of which only the country is known. Geographic centres as listed by the World
/// Factbook, rounded as the upstream portal rounds them, so that distances agree.
/// </summary>
public static class CountryCentroids
{
    private static readonly Lazy<FrozenDictionary<string, (double Latitude, double Longitude)>> Table = new(Load);

    /// <summary>Degrees, or null for a code that is not in the table.</summary>
    /// <param name="country">ISO 3166-1 alpha-2 code in capitals.</param>
    public static (double Latitude, double Longitude)? Find(string country) =>
        Table.Value.TryGetValue(country, out var found) ? found : null;

    private static FrozenDictionary<string, (double Latitude, double Longitude)> Load()
    {
        using var stream = typeof(CountryCentroids).Assembly.GetManifestResourceStream("country-centroids.csv")!;
        using var reader = new StreamReader(stream);
        var table = new Dictionary<string, (double Latitude, double Longitude)>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split(',');
            var latitude = double.Parse(cells[1], CultureInfo.InvariantCulture);
            var longitude = double.Parse(cells[2], CultureInfo.InvariantCulture);
            table.Add(cells[0], (latitude, longitude));
        }

        return table.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
