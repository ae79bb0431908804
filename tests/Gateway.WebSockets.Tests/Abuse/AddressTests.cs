using System.Net;
using Firezone.Gateway.WebSockets.Options;
using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Shared.Peers;

namespace Firezone.Gateway.WebSockets.Tests.Abuse;

/// <summary>One address has no more than its share of the places.</summary>
public sealed class AddressTests
{
    private static readonly Dictionary<string, string?> TwoPlaces = new() { ["FrontEnd:MaxSessionsPerAddress"] = "2" };

    [Fact]
    public async Task Sockets_of_one_address_beyond_its_places_are_refused_and_counted()
    {
        await using var host = await FrontEndHost.StartAsync(TwoPlaces);
        using var measurements = new Measurements(host);
        using var first = await host.OpenAsync(From("203.0.113.1"));
        using var second = await host.OpenAsync(From("203.0.113.1"));

        var reply = await host.RequestAsync(From("203.0.113.1"));
        Assert.Equal((503, "overloaded"), (reply.Status, reply.Code));
        Assert.InRange(int.Parse(reply.Header("Retry-After")!), 1, 5);
        await measurements.WaitAsync("admission.refused reason=address");
        using var other = await host.OpenAsync(From("203.0.113.2"));

        await first.SendCloseAsync(1000);
        await measurements.WaitAsync("closes code=1000 kind=client");
        using var again = await host.OpenAsync(From("203.0.113.1"));
        Assert.Equal(2, host.Service<SessionRegistry>().Addresses.Count);
    }

    [Fact]
    public async Task A_refused_connect_takes_no_place()
    {
        await using var host = await FrontEndHost.StartAsync(TwoPlaces);
        for (var i = 0; i < 3; i++)
            Assert.Equal(401, (await host.RequestAsync(From("203.0.113.1").WithToken("wrong"))).Status);
        Assert.Equal(0, host.Service<SessionRegistry>().Addresses.Count);
    }

    [Fact]
    public async Task The_addresses_of_one_64_of_IPv6_are_one()
    {
        await using var host = await FrontEndHost.StartAsync(TwoPlaces);
        using var first = await host.OpenAsync(From("2001:db8::1"));
        using var second = await host.OpenAsync(From("2001:db8::ffff:1:1:1"));
        Assert.Equal(503, (await host.RequestAsync(From("2001:db8::2"))).Status);
        using var other = await host.OpenAsync(From("2001:db8:0:1::1"));
    }

    [Fact]
    public async Task Behind_a_proxy_that_names_nobody_all_have_room()
    {
        await using var host = await FrontEndHost.StartAsync(TwoPlaces);
        for (var i = 0; i < 5; i++)
            (await host.OpenAsync(Connect.Client())).Dispose();
        Assert.Equal(0, host.Service<SessionRegistry>().Addresses.Count);
    }

    [Fact]
    public async Task Thousands_of_sockets_of_one_address_take_its_places_and_no_more()
    {
        const int Max = 50;
        const int Attempts = 1000;
        await using var host = await FrontEndHost.StartAsync(new Dictionary<string, string?>
        {
            ["FrontEnd:MaxSessionsPerAddress"] = $"{Max}",
            ["FrontEnd:Admission:MaxPerSecond"] = "1000000",
        });
        using var measurements = new Measurements(host);
        var peers = new List<RawPeer>();
        for (var i = 0; i < Attempts; i++)
        {
            var peer = await host.ConnectAsync();
            var reply = await peer.RequestAsync(From("203.0.113.1").PathAndQuery, From("203.0.113.1").Headers);
            Assert.Equal(i < Max ? 101 : 503, reply.Status);
            peers.Add(peer);
        }

        Assert.Equal(Attempts - Max, measurements.Sum("admission.refused reason=address"));
        Assert.Equal((Max, 1), (host.Service<SessionRegistry>().Count, host.Service<SessionRegistry>().Addresses.Count));
        peers.ForEach(peer => peer.Dispose());
    }

    [Theory]
    [InlineData(100_000, null, 10_000)]
    [InlineData(500, null, 100)]
    [InlineData(500, 7, 7)]
    public void An_address_has_a_tenth_of_the_places_unless_told_otherwise(int all, int? own, int expected) =>
        Assert.Equal(expected, new FrontEndOptions { MaxSessions = all, MaxSessionsPerAddress = own }.SessionsPerAddress);

    [Fact]
    public void Addresses_that_differ_are_not_counted_together()
    {
        string[] addresses = ["0.0.0.0", "0.0.0.1", "255.255.255.255", "2001:db8::", "2001:db8:0:1::", "fe80::1"];
        var keys = addresses.Select(a => AddressPlaces.KeyOf(IPAddress.Parse(a))).ToArray();
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.DoesNotContain(AddressPlaces.Uncounted, keys);
    }

    private static Connect From(string address) => Connect.Client().AddHeader("X-Forwarded-For", address);
}
