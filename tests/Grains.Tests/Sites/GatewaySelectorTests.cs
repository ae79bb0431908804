using CsCheck;
using Firezone.Grains.Abstractions.Flows;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Abstractions.Sites;
using Firezone.Grains.Sites;

namespace Firezone.Grains.Tests.Sites;

public sealed class GatewaySelectorTests
{
    private static readonly Guid Account = Guid.NewGuid();
    private static readonly Location Berlin = At(52.52, 13.405);
    private static readonly Location Paris = At(48.8566, 2.3522);
    private static readonly Location Tokyo = At(35.68, 139.69);

    private static readonly Gen<Location> GenLocation = Gen.OneOf(
        Location.Unknown, Berlin, Paris, Tokyo, At(10, 20), At(-10, 20), At(0, 20), At(0, double.NaN));

    private static readonly Gen<GatewayPresence[]> GenOnline = Gen.Select(
        GenLocation,
        Gen.OneOf("1.3.9", "1.4.0", "1.5.0", "1.5.1", "1.6.0-rc.1", "1.6.0", "1.10.0", "1.9.0", "2.0.0", "nonsense", ""),
        Gen.Int[0, 9])
        .Array[0, 9]
        .Select(all => all
            .Select((x, i) => Gateway(i, x.Item2, x.Item1) with { AccountId = x.Item3 == 0 ? Guid.Empty : Account })
            .ToArray());

    private static readonly Gen<GatewayQuery> GenQuery = Gen.Select(
        Gen.OneOf("1.5.7", "1.4.0", "1.0.0", "1.9.2", "2.0.1", "?"),
        Gen.OneOf<string?>(null, null, "1.5.1", "1.3.0", "broken"),
        GenLocation,
        Gen.Int[0, 12].Array[0, 12],
        (version, minimum, location, connected) => new GatewayQuery(Account, version, minimum, location, [.. connected.Select(Id)]));

    [Fact]
    public void Without_a_gateway_of_the_account_the_site_is_offline()
    {
        Assert.Equal(FlowFailure.Offline, Select([], Query()).Failure);
        var foreign = Gateway(1, "1.5.0", Berlin) with { AccountId = Guid.NewGuid() };
        Assert.Equal(new GatewayChoice(null, FlowFailure.Offline), Select([foreign], Query()));
    }

    [Theory]
    [InlineData("1.5.7", "1.3.9", false)]
    [InlineData("1.5.7", "1.4.0", true)]
    [InlineData("1.5.7", "1.6.99", true)]
    [InlineData("1.5.7", "1.7.0-rc.1", true)]
    [InlineData("1.5.7", "1.7.0", false)]
    [InlineData("1.0.2", "1.0.0", true)]
    [InlineData("1.5.7", "2.5.0", false)]
    [InlineData("1.5.7", "", false)]
    [InlineData("", "1.5.0", false)]
    public void A_gateway_must_fit_the_client(string client, string gateway, bool fits)
    {
        var choice = Select([Gateway(1, gateway, Berlin)], Query() with { ClientVersion = client });
        Assert.Equal(fits ? null : FlowFailure.VersionMismatch, choice.Failure);
        Assert.Equal(fits, choice.Gateway is not null);
    }

    [Fact]
    public void A_gateway_must_be_able_to_serve_the_resource()
    {
        var online = new[] { Gateway(1, "1.4.9", Berlin), Gateway(2, "1.5.0", Tokyo) };
        Assert.Equal(Id(2), Chosen(online, Query() with { MinimumGatewayVersion = "1.5.0" }));
        Assert.Equal(FlowFailure.VersionMismatch, Select(online, Query() with { MinimumGatewayVersion = "1.5.1" }).Failure);
        Assert.Equal(FlowFailure.VersionMismatch, Select(online, Query() with { MinimumGatewayVersion = "x" }).Failure);
    }

    [Fact]
    public void A_connected_compatible_gateway_is_preferred_over_a_nearer_one()
    {
        var online = new[] { Gateway(1, "1.5.0", Berlin), Gateway(2, "1.5.0", Tokyo), Gateway(3, "1.1.0", Paris) };
        Assert.Equal(Id(2), Chosen(online, Query(connected: [2, 3, 9])));
        Assert.Equal(Id(1), Chosen(online, Query(connected: [3, 9])));
    }

    [Fact]
    public void The_nearest_place_wins_and_in_it_the_highest_version_by_number()
    {
        var online = new[]
        {
            Gateway(1, "1.9.9", Paris), Gateway(2, "1.9.0", Berlin), Gateway(3, "1.10.0", Berlin), Gateway(4, "1.10.1", Location.Unknown),
        };
        Assert.Equal(Id(3), Chosen(online, Query() with { ClientVersion = "1.9.0" }));
    }

    [Fact]
    public void Versions_are_compared_within_one_of_several_equally_near_places()
    {
        var online = new[] { Gateway(1, "1.5.1", At(10, 20)), Gateway(2, "1.5.0", At(-10, 20)), Gateway(3, "1.5.0", At(10, 20)) };
        for (var seed = 0; seed < 50; seed++)
        {
            var choice = GatewaySelector.Select(online, Query() with { ClientLocation = At(0, 20) }, new Random(seed));
            Assert.NotEqual(Id(3), choice.Gateway!.GatewayId);
        }
    }

    [Fact]
    public void Of_equals_each_is_chosen_equally_often()
    {
        var online = new[]
        {
            Gateway(1, "1.5.0", Berlin), Gateway(2, "1.5.1", Berlin), Gateway(3, "1.5.1", Berlin), Gateway(4, "1.5.1", Berlin),
        };
        AssertUniform([2, 3, 4], online, Query());
    }

    [Fact]
    public void A_client_without_a_location_gets_any_compatible_gateway()
    {
        var online = new[]
        {
            Gateway(1, "1.5.0", Berlin), Gateway(2, "1.5.1", Tokyo), Gateway(3, "1.4.0", Location.Unknown), Gateway(4, "1.0.0", Berlin),
        };
        AssertUniform([1, 2, 3], online, Query() with { ClientLocation = Location.Unknown });
        AssertUniform([1, 3], online, Query(connected: [1, 3]) with { ClientLocation = Location.Unknown });
    }

    [Fact]
    public void A_choice_is_one_that_the_rules_taken_step_by_step_allow()
    {
        Gen.Select(GenOnline, GenQuery, Gen.Int).Sample((online, query, seed) =>
        {
            var choice = GatewaySelector.Select(online, query, new Random(seed));
            var own = online.Where(gateway => gateway.AccountId == query.AccountId).ToList();
            var fitting = own.Where(gateway => Fits(query, gateway.Version)).ToList();
            Assert.Equal(own.Count == 0 ? FlowFailure.Offline : fitting.Count == 0 ? FlowFailure.VersionMismatch : null, choice.Failure);
            if (fitting.Count == 0)
            {
                Assert.Null(choice.Gateway);
                return;
            }

            var connected = fitting.Where(gateway => query.ConnectedGatewayIds.Contains(gateway.GatewayId)).ToList();
            var allowed = connected.Count > 0 ? connected : fitting;
            if (HasPlace(query.ClientLocation))
            {
                var places = allowed.GroupBy(gateway => HasPlace(gateway.Location) ? gateway.Location : Location.Unknown).ToList();
                var least = places.Min(place => Angle(place.Key, query.ClientLocation));
                allowed = [.. places
                    .Where(place => Angle(place.Key, query.ClientLocation) <= least + 1e-9)
                    .SelectMany(place => place.Where(gateway => Number(gateway.Version) == place.Max(other => Number(other.Version))))];
            }

            Assert.Contains(choice.Gateway, allowed);
        }, iter: 5000);
    }

    private static bool Fits(GatewayQuery query, string version) =>
        Number(version) is { } gateway
        && Number(query.ClientVersion) is { } client
        && (query.MinimumGatewayVersion is null || (Number(query.MinimumGatewayVersion) is { } minimum && gateway >= minimum))
        && Math.Floor(client / 1e6) * 1e6 + (Math.Max(Math.Floor(client % 1e6 / 1e3) - 1, 0) * 1e3) <= gateway
        && gateway < (Math.Floor(client / 1e3) + 2) * 1e3;

    // Every version that the generators make, as one number; a pre-release is a little less than its release.
    private static double? Number(string version)
    {
        var parts = version.Replace("-rc.1", "", StringComparison.Ordinal).Split('.');
        return parts.Length != 3
            ? null
            : (int.Parse(parts[0]) * 1e6) + (int.Parse(parts[1]) * 1e3) + int.Parse(parts[2]) - (version.Contains('-') ? 0.5 : 0);
    }

    private static bool HasPlace(Location location) =>
        double.IsFinite(location.Latitude ?? double.NaN) && double.IsFinite(location.Longitude ?? double.NaN);

    private static double Angle(Location a, Location b)
    {
        if (!HasPlace(a))
            return 1e9;
        var (p, q) = (a.Latitude!.Value * Math.PI / 180, b.Latitude!.Value * Math.PI / 180);
        var d = (a.Longitude!.Value - b.Longitude!.Value) * Math.PI / 180;
        return Math.Acos(Math.Clamp((Math.Sin(p) * Math.Sin(q)) + (Math.Cos(p) * Math.Cos(q) * Math.Cos(d)), -1, 1));
    }

    private static void AssertUniform(int[] expected, GatewayPresence[] online, GatewayQuery query)
    {
        var random = new Random(3);
        var counts = Enumerable.Range(0, 3_000 * expected.Length)
            .CountBy(_ => GatewaySelector.Select(online, query, random).Gateway!.GatewayId)
            .ToDictionary();
        Assert.Equal(expected.Select(Id).Order(), counts.Keys.Order());
        Assert.All(counts.Values, count => Assert.InRange(count, 2_700, 3_300));
    }

    private static GatewayChoice Select(GatewayPresence[] online, GatewayQuery query) =>
        GatewaySelector.Select(online, query, new Random(1));

    private static Guid Chosen(GatewayPresence[] online, GatewayQuery query) => Select(online, query).Gateway!.GatewayId;

    private static GatewayQuery Query(int[]? connected = null) => new(Account, "1.5.7", null, Berlin, [.. (connected ?? []).Select(Id)]);

    private static GatewayPresence Gateway(int number, string version, Location location) =>
        new(Account, Id(number), Guid.NewGuid(), version, "203.0.113.50", location);

    private static Location At(double latitude, double longitude) => new("DE", null, latitude, longitude);

    private static Guid Id(int number) => new(number + 1, 0, 0, new byte[8]);
}
