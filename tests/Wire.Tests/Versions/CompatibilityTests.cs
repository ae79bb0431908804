using Firezone.Wire.Versions;

namespace Firezone.Wire.Tests.Versions;

public sealed class CompatibilityTests
{
    [Theory]
    [InlineData("1.5.7", "1.3.9", false)]
    [InlineData("1.5.7", "1.4.0-rc.1", false)]
    [InlineData("1.5.7", "1.4.0", true)]
    [InlineData("1.5.7", "1.5.0", true)]
    [InlineData("1.5.0-dev", "1.6.99", true)]
    [InlineData("1.5.7", "1.7.0-rc.1", true)]
    [InlineData("1.5.7", "1.7.0", false)]
    [InlineData("1.9.0", "1.10.3", true)]
    [InlineData("1.10.0", "1.9.0", true)]
    [InlineData("1.5.7", "2.5.0", false)]
    [InlineData("2.5.7", "1.5.0", false)]
    [InlineData("2147483647.2147483647.0", "2147483647.2147483647.5", true)]
    public void A_gateway_may_be_one_minor_version_older_or_newer(string client, string gateway, bool compatible) =>
        Assert.Equal(compatible, Compatibility.IsCompatible(client, gateway));

    [Theory]
    [InlineData("2.0.3", "2.0.0", true)]
    [InlineData("2.0.3", "2.1.9", true)]
    [InlineData("2.0.3", "2.2.0", false)]
    [InlineData("2.0.3", "1.9.0", false)]
    [InlineData("0.0.1", "0.0.0", true)]
    public void The_first_minor_version_has_no_predecessor(string client, string gateway, bool compatible) =>
        Assert.Equal(compatible, Compatibility.IsCompatible(client, gateway));

    [Theory]
    [InlineData(null, "1.5.0")]
    [InlineData("1.5.0", "")]
    [InlineData("1.5", "1.5.0")]
    public void What_is_no_version_is_compatible_with_nothing(string? client, string? gateway) =>
        Assert.False(Compatibility.IsCompatible(client, gateway));

    [Theory]
    [InlineData(ComponentClass.Apple, "1.5.8", true)]
    [InlineData(ComponentClass.Apple, "1.5.9", false)]
    [InlineData(ComponentClass.Gui, "1.5.8", true)]
    [InlineData(ComponentClass.Gui, "1.5.10", false)]
    [InlineData(ComponentClass.Android, "1.5.4", true)]
    [InlineData(ComponentClass.Android, "1.5.5", false)]
    [InlineData(ComponentClass.Headless, "1.4.9", true)]
    [InlineData(ComponentClass.Headless, "1.5.5", false)]
    public void Older_clients_need_a_moved_resource_deleted_first(ComponentClass component, string version, bool needed)
    {
        Assert.True(ComponentVersion.TryParse(version, out var parsed));
        Assert.Equal(needed, Compatibility.NeedsRecreationOnSiteChange(component, parsed));
    }
}
