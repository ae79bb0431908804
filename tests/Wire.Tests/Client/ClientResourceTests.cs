using Firezone.Wire.Client;
using Firezone.Wire.Resources;
using static Firezone.Wire.Tests.JsonAssert;

namespace Firezone.Wire.Tests.Client;

public sealed class ClientResourceTests
{
    private const string Site = """[{"id":"7d0f2f7e-8f52-4d6e-93a4-6a2b6f3c0001","name":"Frankfurt"}]""";

    [Theory]
    [InlineData("192.0.2.5", "192.0.2.5/32")]
    [InlineData("2001:db8::5", "2001:db8::5/128")]
    public void A_single_address_is_sent_as_a_network_of_one(string address, string network) => Equal(
        $$"""{"id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0002","type":"cidr","name":"Lab","address":"{{network}}","address_description":null,"gateway_groups":{{Site}},"filters":[]}""",
        ClientResource.Render(Sample.Lab with { Type = ResourceType.Ip, Address = address }));

    [Theory]
    [InlineData(null, "")]
    [InlineData(IpStack.Dual, "\"ip_stack\":\"dual\",")]
    [InlineData(IpStack.Ipv4Only, "\"ip_stack\":\"ipv4_only\",")]
    [InlineData(IpStack.Ipv6Only, "\"ip_stack\":\"ipv6_only\",")]
    public void The_ip_stack_is_sent_only_if_it_is_stored(IpStack? stack, string member) => Equal(
        $$"""{"id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0001","type":"dns","name":"Wiki","address":"**.wiki.example.com","address_description":null,{{member}}"gateway_groups":{{Site}},"filters":[]}""",
        ClientResource.Render(Sample.Wiki with { IpStack = stack, AddressDescription = null, Filters = [] }));

    [Theory]
    [InlineData(ResourceType.Cidr)]
    [InlineData(ResourceType.Ip)]
    [InlineData(ResourceType.Internet)]
    public void Only_dns_resources_have_an_ip_stack(ResourceType type)
    {
        var text = Text(ClientResource.Render(Sample.Lab with { Type = type, IpStack = IpStack.Dual }));

        Assert.DoesNotContain("ip_stack", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_newer_alias_of_the_site_list_is_not_sent() =>
        Assert.DoesNotContain("sites", Text(ClientResource.Render(Sample.Wiki)), StringComparison.Ordinal);

    [Fact]
    public void Names_survive_whatever_characters_they_have() =>
        Equal(
            $$"""{"id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0002","type":"cidr","name":"\"Ü\\<漢>\n😀","address":"10.20.0.0/16","address_description":"a/b","gateway_groups":{{Site}},"filters":[]}""",
            ClientResource.Render(Sample.Lab with { Name = "\"Ü\\<漢>\n😀", AddressDescription = "a/b" }));

    [Fact]
    public void An_unpaired_surrogate_in_a_name_is_replaced()
    {
        var rendered = ClientResource.Render(Sample.Lab with { Name = "a\ud800b" });

        Assert.Contains("a\uFFFDb", System.Text.Json.Nodes.JsonNode.Parse(rendered)!["name"]!.GetValue<string>(), StringComparison.Ordinal);
    }
}
