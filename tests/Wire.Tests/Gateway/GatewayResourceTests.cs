using Firezone.Wire.Gateway;
using Firezone.Wire.Resources;
using static Firezone.Wire.Tests.JsonAssert;

namespace Firezone.Wire.Tests.Gateway;

public sealed class GatewayResourceTests
{
    [Fact]
    public void The_internet_resource_is_id_and_type() => Equal(
        """{"id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0003","type":"internet"}""", GatewayResource.Render(Sample.Internet));

    [Fact]
    public void A_network_has_an_empty_filter_list_and_neither_site_nor_description() => Equal(
        """{"id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0002","type":"cidr","name":"Lab","address":"10.20.0.0/16","filters":[]}""",
        GatewayResource.Render(Sample.Lab with { AddressDescription = "for people", IpStack = IpStack.Dual }));

    [Fact]
    public void A_single_address_is_sent_as_a_network_of_one() => Equal(
        """{"id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0002","type":"cidr","name":"Lab","address":"2001:db8::5/128","filters":[]}""",
        GatewayResource.Render(Sample.Lab with { Type = ResourceType.Ip, Address = "2001:db8::5" }));

    [Theory]
    [InlineData("80", 80, 80)]
    [InlineData(" 80 ", 80, 80)]
    [InlineData("100-200", 100, 200)]
    [InlineData("100 - 200", 100, 200)]
    [InlineData(" 0 -65535 ", 0, 65535)]
    public void A_port_item_becomes_a_range(string item, int start, int end) => Equal(
        $$"""{"id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0002","type":"cidr","name":"Lab","address":"10.20.0.0/16","filters":[{"protocol":"udp","port_range_start":{{start}},"port_range_end":{{end}}}]}""",
        Render(new ResourceFilter("udp", [item])));

    [Theory]
    [InlineData("")]
    [InlineData("http")]
    [InlineData("-")]
    [InlineData("1-2-3")]
    [InlineData("200-100")]
    [InlineData("65536")]
    [InlineData("-1")]
    [InlineData("1-99999999999999")]
    public void An_unfit_port_item_never_widens_access(string item) => Equal(
        """{"id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0002","type":"cidr","name":"Lab","address":"10.20.0.0/16","filters":[{"protocol":"tcp","port_range_start":0,"port_range_end":0}]}""",
        Render(new ResourceFilter("tcp", [item])));

    [Fact]
    public void Each_item_of_each_filter_is_an_entry_in_order() => Equal(
        """
        {"id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0002","type":"cidr","name":"Lab","address":"10.20.0.0/16","filters":[
          {"protocol":"icmp"},{"protocol":"tcp","port_range_start":22,"port_range_end":22},{"protocol":"tcp","port_range_start":80,"port_range_end":90},
          {"protocol":"udp"}]}
        """,
        Render(new ResourceFilter("icmp", []), new ResourceFilter("tcp", ["22", "80-90"]), new ResourceFilter("udp", [])));

    private static byte[] Render(params ResourceFilter[] filters) => GatewayResource.Render(Sample.Lab with { Filters = filters });
}
