using CsCheck;
using Firezone.Grains.Abstractions.Relays;
using Firezone.Grains.Abstractions.Sessions;

namespace Firezone.Grains.Tests.Relays;

internal static class RelaySamples
{
    /// <summary>Few distinct places, so that equal distances are frequent.</summary>
    public static readonly Gen<Location> GenLocation = Gen.OneOf<Location>(
        Gen.Const(Location.Unknown),
        Gen.Select(Gen.Int[-2, 2], Gen.Int[-2, 2], (latitude, longitude) => At(latitude * 20, longitude * 40)));

    public static readonly Gen<RelayPresence[]> GenOnline =
        GenLocation.Array[0, 8].Select(places => places.Select((place, i) => Relay(i, place)).ToArray());

    public static Location At(double latitude, double longitude) => new("DE", null, latitude, longitude);

    public static Guid Id(int number) => new(number + 1, 0, 0, new byte[8]);

    public static RelayPresence Relay(int number, Location location) =>
        new(Id(number), Guid.NewGuid(), "secret", "203.0.113.1", null, 3478, location);
}
