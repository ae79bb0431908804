using CsCheck;
using Firezone.Wire.Versions;

namespace Firezone.Wire.Tests.Versions;

public sealed class ComponentVersionTests
{
    private static readonly Gen<string> Identifier = Gen.OneOf(
        Gen.Int[0, 30].Select(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        Gen.OneOf("alpha", "beta", "rc", "RC", "x-1", "99999999999999999999"));

    private static readonly Gen<ComponentVersion> Version = Gen.Select(
        Gen.Int[0, 3],
        Gen.Int[0, 12],
        Gen.Int[0, 3],
        Gen.OneOf(Gen.Const((string?)null), Identifier.Array[1, 3].Select(parts => (string?)string.Join('.', parts))),
        (major, minor, patch, pre) => new ComponentVersion(major, minor, patch, pre));

    [Fact]
    public void Precedence_is_that_of_semantic_versioning()
    {
        string[] ascending =
        [
            "0.0.0", "0.9.99", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
            "1.0.0-rc.1", "1.0.0", "1.2.0", "1.9.0", "1.10.0", "1.10.1", "2.0.0-1", "2.0.0-99999999999999999999", "2.0.0-a", "2.0.0",
        ];
        var versions = ascending.Select(Parse).ToArray();

        for (var i = 0; i < versions.Length; i++)
        {
            for (var j = 0; j < versions.Length; j++)
                Assert.Equal(i.CompareTo(j), Math.Sign(versions[i].CompareTo(versions[j])));
        }
    }

    [Fact]
    public void A_version_is_read_as_it_is_printed() => Version.Sample(v => Assert.Equal(v, Parse(v.ToString())));

    [Fact]
    public void The_order_is_total_and_agrees_with_equality() => Gen.Select(Version, Version, Version).Sample((a, b, c) =>
    {
        Assert.Equal(Math.Sign(a.CompareTo(b)), -Math.Sign(b.CompareTo(a)));
        Assert.Equal(a.CompareTo(b) == 0, a == b);
        Assert.True(!(a <= b && b <= c) || a <= c);
        Assert.Equal(a.CompareTo(b), a.CompareTo((object)b));
    });

    [Fact]
    public void Build_metadata_is_forgotten()
    {
        Assert.Equal(Parse("1.5.0"), Parse("1.5.0+build.01-x"));
        Assert.Equal("rc.1", Parse("1.5.0-rc.1+a-b").PreRelease);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.5")]
    [InlineData("1.5.0.0")]
    [InlineData("v1.5.0")]
    [InlineData("1.5.x")]
    [InlineData("01.5.0")]
    [InlineData("1.05.0")]
    [InlineData("1.5.0-")]
    [InlineData("1.5.0-a..b")]
    [InlineData("1.5.0-01")]
    [InlineData("1.5.0-é")]
    [InlineData("1.5.0+")]
    [InlineData("1.5.0+a+b")]
    [InlineData(" 1.5.0")]
    [InlineData("1.5.0 ")]
    [InlineData("+1.5.0")]
    [InlineData("1.-5.0")]
    [InlineData("1.5.99999999999")]
    [InlineData("1..0")]
    public void Anything_else_is_no_version(string? text) => Assert.False(ComponentVersion.TryParse(text, out _));

    [Fact]
    public void Overlong_texts_are_no_version() => Assert.False(ComponentVersion.TryParse("1.0.0-" + new string('a', 1000), out _));

    [Fact]
    public void Reading_never_throws() =>
        Gen.String[Gen.OneOf("0123456789.-+abc é".ToCharArray()), 0, 30].Sample(text => { ComponentVersion.TryParse(text, out _); });

    private static ComponentVersion Parse(string text)
    {
        Assert.True(ComponentVersion.TryParse(text, out var version), text);
        return version;
    }
}
