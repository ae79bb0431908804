using CsCheck;
using Firezone.Wire.Versions;

namespace Firezone.Wire.Tests.Versions;

public sealed class UserAgentTests
{
    [Theory]
    [InlineData("Mac OS/15.4.1 apple-client/1.5.8 (arm64; 24.4.0)", "1.5.8")]
    [InlineData("Ubuntu/24.4.0 headless-client/1.5.7 (x86_64; 6.8.0-45-generic)", "1.5.7")]
    [InlineData("Arch Linux/Rolling Release gui-client/1.5.10", "1.5.10")]
    [InlineData("Pop!_OS/22.04 gateway/1.5.0 (x86_64)", "1.5.0")]
    [InlineData("Android/14 android-client/1.5.9 (aarch64)", "1.5.9")]
    [InlineData("iOS/18.1 connlib/1.3.0", "1.3.0")]
    [InlineData("relay/0.1.0", "0.1.0")]
    [InlineData("gateway/1.4.0 relay/0.1.0", "1.4.0")]
    [InlineData("X/1  gateway/next (y)", "next")]
    public void The_version_follows_the_first_known_component(string ua, string expected)
    {
        Assert.True(UserAgent.TryParseVersion(ua, out var version));
        Assert.Equal(expected, version);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("curl/8.5.0")]
    [InlineData("Mac OS/15.4.1")]
    [InlineData("Ubuntu/24.4.0 my-gateway/1.0.0")]
    [InlineData("Ubuntu/24.4.0 Gateway/1.0.0")]
    [InlineData("Ubuntu/24.4.0 gateway/ 1.0.0")]
    [InlineData("Ubuntu/24.4.0\tgateway/1.0.0")]
    public void Without_a_component_there_is_no_version(string? ua)
    {
        Assert.False(UserAgent.TryParseVersion(ua, out var version));
        Assert.Equal("", version);
    }

    [Theory]
    [InlineData("Mac OS/15.4.1 apple-client/1.5.8 (arm64; 24.4.0)", "Mac OS", "15.4.1", "1.5.8")]
    [InlineData("Ubuntu/24.4.0 headless-client/1.5.7 (x86_64; 6.8.0-45-generic)", "Ubuntu", "24.4.0", "1.5.7")]
    [InlineData("Arch Linux/Rolling Release gui-client/1.5.10", "Arch Linux", "Rolling", "1.5.10")]
    [InlineData("Pop!_OS/22.04 headless-client/1.5.7", "Pop!_OS", "22.04", "1.5.7")]
    [InlineData("a/b c/d/e f", "a", "b", "d/e")]
    public void Gateways_are_told_system_and_version(string ua, string name, string version, string clientVersion) =>
        Assert.Equal(new ClientOs(name, version, clientVersion), UserAgent.Parse(ua));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nothing to see")]
    [InlineData("Mac OS/15.4.1")]
    [InlineData("Mac OS/15.4.1 client")]
    public void A_string_of_another_form_yields_nulls(string? ua) => Assert.Equal(default, UserAgent.Parse(ua));

    [Theory]
    [InlineData("Mac OS/15.4.1 apple-client/1.5.8", false, ComponentClass.Apple)]
    [InlineData("iOS/18.1 apple-client/1.5.8", true, ComponentClass.Apple)]
    [InlineData("Android/14 android-client/1.5.9", true, ComponentClass.Android)]
    [InlineData("Ubuntu/24.4.0 headless-client/1.5.7", true, ComponentClass.Headless)]
    [InlineData("Ubuntu/24.4.0 headless-client/1.5.7", false, ComponentClass.Gui)]
    [InlineData("Windows/11 gui-client/1.5.10", false, ComponentClass.Gui)]
    [InlineData(null, true, ComponentClass.Headless)]
    public void The_class_follows_system_and_actor(string? ua, bool isServiceAccount, ComponentClass expected) =>
        Assert.Equal(expected, UserAgent.Classify(ua, isServiceAccount));

    [Fact]
    public void Reading_never_throws() => Gen.String[Gen.OneOf("a/ .1(;)".ToCharArray()), 0, 40].Sample(ua =>
    {
        UserAgent.Parse(ua);
        UserAgent.TryParseVersion(ua, out _);
        UserAgent.Classify(ua, false);
    });
}
