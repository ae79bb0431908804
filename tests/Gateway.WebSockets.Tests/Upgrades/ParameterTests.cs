using System.Text;
using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Gateway.WebSockets.Upgrades;
using Firezone.Shared.Peers;
using Microsoft.AspNetCore.Http;

namespace Firezone.Gateway.WebSockets.Tests.Upgrades;

public sealed class ParameterTests
{
    private static readonly string NonCanonicalKey = Connect.PublicKey.Replace("E=", "F=");

    [Fact]
    public void A_clients_parameters_are_form_decoded_and_trimmed()
    {
        var query = Query("external_id=%20e+1%20&public_key=AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE%3D&name=+my+laptop+&device_serial=C02X"
            + "&device_uuid=&identifier_for_vendor=v&firebase_installation_id=f&unknown=1");

        var read = ClientParameters.Read(query, Connect.ClientAgent);

        Assert.Null(read.Invalid);
        Assert.Equal(("e 1", Connect.PublicKey, "my laptop", "1.5.7"), (read.Value!.ExternalId, read.Value.PublicKey, read.Value.Name, read.Value.Version));
        Assert.Equal(
            ("C02X", null, "v", "f"),
            (read.Value.DeviceSerial, read.Value.DeviceUuid, read.Value.IdentifierForVendor, read.Value.FirebaseInstallationId));
    }

    [Fact]
    public void A_plus_in_a_key_must_be_escaped()
    {
        var key = Convert.ToBase64String(Enumerable.Repeat((byte)0xFB, 32).ToArray());
        Assert.Contains('+', key);
        Assert.Null(ClientParameters.Read(Query($"external_id=e&public_key={Uri.EscapeDataString(key)}"), Connect.ClientAgent).Invalid);
        Assert.NotNull(ClientParameters.Read(Query($"external_id=e&public_key={key}"), Connect.ClientAgent).Invalid);
    }

    [Fact]
    public void Of_a_repeated_parameter_the_last_counts() => Assert.Equal("b", Query("name=a&name=b").Name);

    [Theory]
    [InlineData("external_id", null)]
    [InlineData("external_id", "")]
    [InlineData("external_id", "   ")]
    [InlineData("external_id", "a\0b")]
    [InlineData("public_key", null)]
    [InlineData("public_key", "")]
    [InlineData("public_key", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE")]
    [InlineData("public_key", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ==")]
    [InlineData("public_key", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE-")]
    [InlineData("public_key", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBA E=")]
    [InlineData("name", "a\0b")]
    [InlineData("device_serial", "a\0b")]
    public async Task Invalid_parameters_are_answered_422_with_the_parameter_named(string parameter, string? value)
    {
        await using var host = await FrontEndHost.StartAsync();
        var reply = await host.RequestAsync(Connect.Client().With(parameter, value));
        RefusalTests.AssertProblem(reply, 422, "invalid_connect_params");
        Assert.Contains(parameter, reply.Detail);
        Assert.Null((await host.Cluster.Admission.Clients.NextAsync()).Attributes);
    }

    [Fact]
    public void Another_spelling_of_the_same_key_is_refused() =>
        Assert.NotNull(ClientParameters.Read(Query($"external_id=e&public_key={Uri.EscapeDataString(NonCanonicalKey)}"), Connect.ClientAgent).Invalid);

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void Names_have_at_most_255_characters_of_any_alphabet(int characters, bool valid)
    {
        var name = new StringBuilder().Insert(0, "\U0001F525", characters).ToString();
        var query = Query($"external_id=e&public_key={Uri.EscapeDataString(Connect.PublicKey)}&name={Uri.EscapeDataString(name)}");
        Assert.Equal(valid, ClientParameters.Read(query, Connect.ClientAgent).Invalid is null);
        Assert.Equal(valid, GatewayParameters.Read(query, Connect.GatewayAgent).Invalid is null);
    }

    [Fact]
    public void A_gateways_external_id_is_taken_as_it_is() => Assert.Equal(
        " g ",
        GatewayParameters.Read(Query($"external_id=%20g%20&public_key={Uri.EscapeDataString(Connect.PublicKey)}"), Connect.GatewayAgent)
            .Value!.ExternalId);

    [Theory]
    [InlineData("Mac OS/15.4.1 apple-client/1.5.8 (arm64; 24.4.0)", true)]
    [InlineData("Fedora/42 connlib/1.0.0", true)]
    [InlineData("curl/8.5.0", false)]
    [InlineData("Ubuntu/24 headless-client/", false)]
    [InlineData(null, false)]
    public async Task Clients_and_gateways_need_a_user_agent_with_a_component(string? userAgent, bool accepted)
    {
        await using var host = await FrontEndHost.StartAsync();
        Assert.Equal(accepted ? 101 : 422, (await host.RequestAsync(Connect.Client().WithHeader("User-Agent", userAgent))).Status);
        Assert.Equal(accepted ? 101 : 422, (await host.RequestAsync(Connect.Gateway().WithHeader("User-Agent", userAgent))).Status);
    }

    [Fact]
    public async Task A_relays_user_agent_is_not_looked_at()
    {
        await using var host = await FrontEndHost.StartAsync();
        Assert.Equal(101, (await host.RequestAsync(Connect.Relay().WithHeader("User-Agent", null))).Status);
    }

    [Theory]
    [InlineData("ipv4=203.0.113.9", "203.0.113.9", null, 3478)]
    [InlineData("ipv6=2001:DB8:0::1", null, "2001:db8::1", 3478)]
    [InlineData("ipv4=203.0.113.9&ipv6=2001:db8::1&port=3479", "203.0.113.9", "2001:db8::1", 3479)]
    [InlineData("ipv4=203.0.113.9&ipv6=&port=", "203.0.113.9", null, 3478)]
    public void A_relay_gives_at_least_one_address(string query, string? ipv4, string? ipv6, int port)
    {
        var read = RelayParameters.Read(Query(query));
        Assert.Equal((ipv4, ipv6, port), (read.Value!.Ipv4, read.Value.Ipv6, read.Value.Port));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ipv4=&ipv6=")]
    [InlineData("ipv4=1")]
    [InlineData("ipv4=2001:db8::1")]
    [InlineData("ipv6=203.0.113.9")]
    [InlineData("ipv6=fe80::1%25eth0")]
    [InlineData("ipv4=0.0.0.0")]
    [InlineData("ipv4=203.0.113.9&port=0")]
    [InlineData("ipv4=203.0.113.9&port=65536")]
    [InlineData("ipv4=203.0.113.9&port=x")]
    public void A_relay_without_a_usable_address_or_port_is_invalid(string query) => Assert.NotNull(RelayParameters.Read(Query(query)).Invalid);

    private static ConnectQuery Query(string query) => ConnectQuery.Parse(new QueryString("?" + query));
}
