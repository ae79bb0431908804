using CsCheck;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Geo;

namespace Firezone.Grains.Tests.Geo;

public sealed class GreatCircleTests
{
    private static readonly Gen<(double Latitude, double Longitude)> GenPoint =
        Gen.Select(Gen.Double[-90, 90], Gen.Double[-180, 180]);

    [Theory]
    [InlineData(0, 0, 0, 0, 0)]
    [InlineData(0, 0, 0, 180, Math.PI * 6371)]
    [InlineData(90, 0, -90, 0, Math.PI * 6371)]
    [InlineData(0, 0, 0, 90, Math.PI * 6371 / 2)]
    [InlineData(0, 179.5, 0, -179.5, Math.PI * 6371 / 180)]
    [InlineData(52.52, 13.405, 48.8566, 2.3522, 877.46)]
    public void Known_distances_are_found(double latitude1, double longitude1, double latitude2, double longitude2, double kilometers)
    {
        Assert.Equal(kilometers, GreatCircle.Kilometers(latitude1, longitude1, latitude2, longitude2), 0.01);
    }

    [Fact]
    public void Distances_agree_with_the_angle_between_vectors_and_are_symmetric()
    {
        Gen.Select(GenPoint, GenPoint).Sample((a, b) =>
        {
            var distance = GreatCircle.Kilometers(a.Latitude, a.Longitude, b.Latitude, b.Longitude);
            var (p, q) = (Vector(a), Vector(b));
            var cross = Norm([(p[1] * q[2]) - (p[2] * q[1]), (p[2] * q[0]) - (p[0] * q[2]), (p[0] * q[1]) - (p[1] * q[0])]);
            var dot = (p[0] * q[0]) + (p[1] * q[1]) + (p[2] * q[2]);
            Assert.Equal(6371.0 * Math.Atan2(cross, dot), distance, 0.001);
            Assert.Equal(distance, GreatCircle.Kilometers(b.Latitude, b.Longitude, a.Latitude, a.Longitude), 1e-6);
        });

        static double Norm(double[] v) => Math.Sqrt(v.Sum(x => x * x));

        static double[] Vector((double Latitude, double Longitude) p)
        {
            var (latitude, longitude) = (p.Latitude * Math.PI / 180, p.Longitude * Math.PI / 180);
            return [Math.Cos(latitude) * Math.Cos(longitude), Math.Cos(latitude) * Math.Sin(longitude), Math.Sin(latitude)];
        }
    }

    [Fact]
    public void Opposite_points_have_a_distance()
    {
        GenPoint.Sample(p =>
            Assert.Equal(Math.PI * 6371, GreatCircle.Kilometers(p.Latitude, p.Longitude, -p.Latitude, p.Longitude + 180), 0.01));
    }

    [Fact]
    public void Without_both_coordinates_there_is_no_distance()
    {
        var somewhere = new Location("DE", null, 52, 13);
        Assert.Null(GreatCircle.Between(somewhere, Location.Unknown));
        Assert.Null(GreatCircle.Between(new Location("DE", null, 52, null), somewhere));
        Assert.Null(GreatCircle.Between(new Location("DE", null, double.NaN, 13), somewhere));
        Assert.Equal(0, GreatCircle.Between(somewhere, somewhere));
    }
}
