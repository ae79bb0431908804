using Firezone.Gateway.WebSockets.Locations;
using Microsoft.AspNetCore.Http;

namespace Firezone.Gateway.WebSockets.Tests.Locations;

public sealed class LocationTests
{
    [Theory]
    [InlineData("UA", null, null, null, "UA", null, 49.0, 32.0)]
    [InlineData("UA", "US", "Boston", "42.36,-71.06", "UA", null, 49.0, 32.0)]
    [InlineData(null, "US", "Boston", "42.36,-71.06", "US", "Boston", 42.36, -71.06)]
    [InlineData(null, "US", "Boston", null, "US", "Boston", 38.0, -97.0)]
    [InlineData("", "us", "", "", "US", null, 38.0, -97.0)]
    [InlineData(null, "US", null, "north,south", "US", null, 38.0, -97.0)]
    [InlineData(null, "US", null, "91,0", "US", null, 38.0, -97.0)]
    [InlineData(null, null, null, " 1.5 , -2.5 ", null, null, 1.5, -2.5)]
    [InlineData("ZZ", null, null, null, "ZZ", null, null, null)]
    [InlineData("U1", null, null, null, null, null, null, null)]
    [InlineData(null, null, null, null, null, null, null, null)]
    public void Azures_country_comes_before_the_custom_headers(
        string? azure, string? region, string? city, string? coordinates, string? expectedRegion, string? expectedCity, double? lat, double? lon)
    {
        var headers = new HeaderDictionary
        {
            ["X-Azure-Geo-Country"] = azure,
            ["X-Geo-Location-Region"] = region,
            ["X-Geo-Location-City"] = city,
            ["X-Geo-Location-Coordinates"] = coordinates,
        };

        var location = LocationResolver.Resolve(headers);

        Assert.Equal((expectedRegion, expectedCity, lat, lon), (location.Region, location.City, location.Latitude, location.Longitude));
    }

    [Fact]
    public void Every_country_has_a_place_on_earth()
    {
        for (var a = 'A'; a <= 'Z'; a++)
        {
            for (var b = 'A'; b <= 'Z'; b++)
            {
                if (CountryCentroids.Find($"{a}{b}") is { } found)
                    Assert.True(Math.Abs(found.Latitude) <= 90 && Math.Abs(found.Longitude) <= 180, $"{a}{b}");
            }
        }

        Assert.All(new[] { "DE", "US", "GB", "UA", "JP", "BR", "ZA", "NZ" }, code => Assert.NotNull(CountryCentroids.Find(code)));
    }
}
