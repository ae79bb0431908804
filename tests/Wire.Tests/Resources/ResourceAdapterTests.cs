using Firezone.Wire.Resources;
using Firezone.Wire.Versions;

namespace Firezone.Wire.Tests.Resources;

public sealed class ResourceAdapterTests
{
    [Theory]
    [InlineData("1.2.99", false)]
    [InlineData("1.3.0-rc.1", false)]
    [InlineData("1.3.0", true)]
    public void The_internet_resource_needs_1_3_0(string version, bool available) =>
        Assert.Equal(available, Adapt(Sample.Internet, version) is not null);

    [Theory]
    [InlineData("example.com", "example.com")]
    [InlineData("*.example.com", "?.example.com")]
    [InlineData("**.example.com", "*.example.com")]
    [InlineData("*", "?")]
    [InlineData("**", "*")]
    [InlineData("", "")]
    [InlineData("?.example.com", null)]
    [InlineData("?", null)]
    [InlineData("***.example.com", null)]
    [InlineData("**.*.example.com", null)]
    [InlineData("*.a?.example.com", null)]
    [InlineData("a.*.example.com", null)]
    [InlineData("a*.example.com", null)]
    [InlineData("a.**", null)]
    public void Patterns_are_translated_for_versions_before_1_2_0(string pattern, string? expected) =>
        Assert.Equal(expected, Adapt(Sample.Wiki with { Address = pattern }, "1.1.9")?.Address);

    [Theory]
    [InlineData("1.2.0")]
    [InlineData("1.10.0")]
    public void Later_versions_get_the_resource_itself(string version) => Assert.Same(Sample.Wiki, Adapt(Sample.Wiki, version));

    [Theory]
    [InlineData(ResourceType.Cidr)]
    [InlineData(ResourceType.Ip)]
    public void Networks_and_addresses_are_for_everyone(ResourceType type)
    {
        var resource = Sample.Lab with { Type = type };

        Assert.Same(resource, Adapt(resource, "0.1.0"));
    }

    [Fact]
    public void Names_are_read_as_they_are_printed()
    {
        foreach (var type in Enum.GetValues<ResourceType>())
        {
            Assert.True(ResourceNames.TryParse(ResourceNames.NameOf(type), out ResourceType parsed));
            Assert.Equal(type, parsed);
        }

        foreach (var stack in Enum.GetValues<IpStack>())
        {
            Assert.True(ResourceNames.TryParse(ResourceNames.NameOf(stack), out IpStack parsed));
            Assert.Equal(stack, parsed);
        }

        Assert.False(ResourceNames.TryParse("static_device_pool", out ResourceType _));
        Assert.False(ResourceNames.TryParse(null, out IpStack _));
    }

    private static ResourceView? Adapt(ResourceView resource, string version)
    {
        Assert.True(ComponentVersion.TryParse(version, out var parsed));
        return ResourceAdapter.Adapt(resource, parsed);
    }
}
