using System.Net;
using Firezone.Gateway.WebSockets.Options;
using Firezone.Gateway.WebSockets.RemoteAddresses;
using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Shared.Peers;
using Microsoft.Extensions.Primitives;

namespace Firezone.Gateway.WebSockets.Tests.RemoteAddresses;

public sealed class RealIpTests
{
    [Theory]
    [InlineData("127.0.0.1", null, "127.0.0.1")]
    [InlineData("127.0.0.1", "", "127.0.0.1")]
    [InlineData("127.0.0.1", "203.0.113.7", "203.0.113.7")]
    [InlineData("127.0.0.1", "203.0.113.7:4711", "203.0.113.7")]
    [InlineData("127.0.0.1", "[2001:db8::7]:4711", "2001:db8::7")]
    [InlineData("127.0.0.1", "[2001:db8::7]", "2001:db8::7")]
    [InlineData("127.0.0.1", "2001:db8::7", "2001:db8::7")]
    [InlineData("127.0.0.1", "::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("127.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7")]
    [InlineData("127.0.0.1", "203.0.113.7, 10.0.0.1, 172.16.0.1, 192.168.1.1, 127.0.0.9, ::1, fd00::1", "203.0.113.7")]
    [InlineData("127.0.0.1", "198.51.100.1,203.0.113.7 , 192.0.2.99", "203.0.113.7")]
    [InlineData("127.0.0.1", "203.0.113.7, unknown, 999.1.1.1, [::1, fe80::1%eth0", "203.0.113.7")]
    [InlineData("127.0.0.1", "10.0.0.1, 10.0.0.2", "127.0.0.1")]
    [InlineData("127.0.0.1", "203.0.113.7, 10.9.0.5", "10.9.0.5")]
    [InlineData("::ffff:127.0.0.1", "203.0.113.7", "203.0.113.7")]
    [InlineData("192.0.2.1", "203.0.113.7", "203.0.113.7")]
    public void The_last_forwarded_address_that_is_no_proxy_is_the_real_one(string peer, string? header, string expected)
    {
        var resolved = Resolver().Resolve(IPAddress.Parse(peer), header is null ? StringValues.Empty : header);
        Assert.Equal(expected, resolved.Address.ToString());
        Assert.True(resolved.HeadersTrusted);
    }

    [Fact]
    public void Several_headers_are_one_list() => Assert.Equal(
        "203.0.113.7",
        Resolver().Resolve(IPAddress.Loopback, new StringValues(["198.51.100.1, 203.0.113.7", "10.0.0.1"])).Address.ToString());

    [Theory]
    [InlineData(ForwardedHeadersTrust.FromProxies, "198.51.100.50", false)]
    [InlineData(ForwardedHeadersTrust.Always, "203.0.113.7", true)]
    [InlineData(ForwardedHeadersTrust.Never, "198.51.100.50", false)]
    public void A_device_that_connects_directly_is_believed_only_if_told_so(ForwardedHeadersTrust trust, string expected, bool trusted)
    {
        var resolved = Resolver(trust).Resolve(IPAddress.Parse("198.51.100.50"), "203.0.113.7");
        Assert.Equal((expected, trusted), (resolved.Address.ToString(), resolved.HeadersTrusted));
    }

    [Fact]
    public async Task The_admission_sees_the_real_address_the_agent_and_the_location()
    {
        await using var host = await FrontEndHost.StartAsync();
        var connect = Connect.Client().WithHeader("X-Forwarded-For", "203.0.113.7").WithHeader("X-Azure-Geo-Country", "UA");
        Assert.Equal(101, (await host.RequestAsync(connect)).Status);

        var request = await host.Cluster.Admission.Clients.NextAsync();
        Assert.Equal(("203.0.113.7", Connect.ClientAgent, Connect.Token), (request.RemoteIp, request.UserAgent, request.Token));
        Assert.Equal(("UA", 49.0, 32.0), (request.Location.Region, request.Location.Latitude, request.Location.Longitude));
    }

    [Theory]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("10.1.2.3/8", true)]
    [InlineData("2001:db8::/32", true)]
    [InlineData("203.0.113.7", true)]
    [InlineData("10.0.0.0/33", false)]
    [InlineData("10.0.0.0/-1", false)]
    [InlineData("10/8", false)]
    [InlineData("proxy.example", false)]
    public void Ranges_are_addresses_or_cidr(string text, bool valid) => Assert.Equal(valid, AddressRanges.TryParseRange(text, out _));

    private static RealIpResolver Resolver(ForwardedHeadersTrust trust = ForwardedHeadersTrust.FromProxies) => new(
        Microsoft.Extensions.Options.Options.Create(new FrontEndOptions
        {
            ForwardedHeaders = trust,
            TrustedProxies = ["192.0.2.0/24"],
            PrivateClients = ["10.9.0.0/16"],
        }));
}
