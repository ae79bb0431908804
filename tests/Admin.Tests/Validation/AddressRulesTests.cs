using Firezone.Admin.Resources;

namespace Firezone.Admin.Tests.Validation;

public sealed class AddressRulesTests
{
    private static readonly string Label63 = new('a', 63);

    public static TheoryData<string> GoodNames => new()
    {
        "example.com", "db", "a", "*.example.com", "**.example.com", "?.example.com", "db-?.example.com", "*db*.example.com", "**.*.example.com", "bücher.example",
        "例え.テスト", "1.example.com", "-a-.b", "a.**.example.com", $"{Label63}.{Label63}.{Label63}.{new string('a', 61)}", "*.internal", "**.corp", "foo.localhost",
        "a*.com", "xn--bcher-kva.example",
    };

    public static TheoryData<string> BadNames => new()
    {
        "", ".", "a.", ".a", "a..b", "localhost", "LOCALHOST", "*", "**", "?", "example.*", "example.c?m", "a**.example.com", "***.example.com", "**a.example.com",
        "a_b.com", "a b.com", "a/b", "host:443", "https://example.com", "10.0.0.1", "::1", "1", "*.com", "**.com", "?.org", "*.**.net", "*.de", "**.io", "*?.COM",
        $"{Label63}a.com", $"{Label63}.{Label63}.{Label63}.{new string('a', 62)}", "a\n.com", "ex\u0000ample.com",
    };

    [Theory]
    [MemberData(nameof(GoodNames))]
    public void A_name_that_devices_can_parse_is_taken_as_it_is(string name)
    {
        Assert.Null(AddressRules.Check("dns", name, out var stored));
        Assert.Equal(name, stored);
    }

    [Theory]
    [MemberData(nameof(BadNames))]
    public void Any_other_name_is_refused(string name) => Assert.NotNull(AddressRules.Check("dns", name, out _));

    [Theory]
    [InlineData("192.168.1.1/24", "192.168.1.0/24")]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("10.1.2.3/32", "10.1.2.3/32")]
    [InlineData("1.2.3.4/1", null)]
    [InlineData("FD00:1:0:0::5/64", "fd00:1::/64")]
    [InlineData("2001:db8::1/128", "2001:db8::1/128")]
    [InlineData("10.0.0.0", null)]
    [InlineData("10.0.0.0/33", null)]
    [InlineData("10.0.0.0/-1", null)]
    [InlineData("10.0.0.0/8/8", null)]
    [InlineData("10.0.0.0/ 8", null)]
    [InlineData("010.0.0.0/8", null)]
    [InlineData("10.1/8", null)]
    [InlineData("0.0.0.0/0", null)]
    [InlineData("0.0.0.0/8", null)]
    [InlineData("::/0", null)]
    [InlineData("127.1.2.3/32", null)]
    [InlineData("126.0.0.0/7", null)]
    [InlineData("::1/128", null)]
    [InlineData("::/64", null)]
    [InlineData("100.64.0.0/10", null)]
    [InlineData("100.127.255.255/32", null)]
    [InlineData("100.128.0.0/10", "100.128.0.0/10")]
    [InlineData("100.0.0.0/8", null)]
    [InlineData("fd00:2021:1111::/48", null)]
    [InlineData("fd00:2021:1111:8000::/64", null)]
    [InlineData("fd00:2021:1112::/48", "fd00:2021:1112::/48")]
    [InlineData("fd00::/8", null)]
    [InlineData("::ffff:10.0.0.0/104", null)]
    [InlineData("10.0.0.0:443/8", null)]
    public void A_network_is_stored_with_its_host_bits_cleared(string text, string? expected)
    {
        var error = AddressRules.Check("cidr", text, out var stored);
        Assert.Equal((expected is null, expected), (error is not null, error is null ? stored : null));
    }

    [Theory]
    [InlineData("10.1.2.3", "10.1.2.3")]
    [InlineData("2001:DB8:0:0::1", "2001:db8::1")]
    [InlineData("10.1.2.3/32", null)]
    [InlineData("10.1.2.3:80", null)]
    [InlineData("[2001:db8::1]", null)]
    [InlineData("fe80::1%eth0", null)]
    [InlineData("0x0a000001", null)]
    [InlineData("167772161", null)]
    [InlineData("0.0.0.0", null)]
    [InlineData("::", null)]
    [InlineData("127.0.0.1", null)]
    [InlineData("::1", null)]
    [InlineData("100.64.0.1", null)]
    [InlineData("fd00:2021:1111::1", null)]
    [InlineData("::ffff:127.0.0.1", null)]
    [InlineData("example.com", null)]
    public void An_address_is_one_without_a_prefix(string text, string? expected)
    {
        var error = AddressRules.Check("ip", text, out var stored);
        Assert.Equal((expected is null, expected), (error is not null, error is null ? stored : null));
    }

    [Fact]
    public void The_internet_has_no_address_and_everything_else_has_one()
    {
        Assert.Null(AddressRules.Check("internet", null, out _));
        Assert.NotNull(AddressRules.Check("internet", "0.0.0.0/0", out _));
        foreach (var type in (string[])["dns", "cidr", "ip"])
            Assert.NotNull(AddressRules.Check(type, null, out _));
    }
}
