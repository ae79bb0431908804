using Firezone.Wire.Relay;
using static Firezone.Wire.Tests.JsonAssert;

namespace Firezone.Wire.Tests.Relay;

public sealed class RelayTests
{
    [Fact]
    public void A_relay_id_is_derived_from_its_secret() => Assert.Equal(Sample.RelayId, RelayIds.FromStampSecret("stamp-secret-example"));

    [Fact]
    public void A_relay_id_is_a_version_4_uuid() => CsCheck.Check.Sample(CsCheck.Gen.String, secret =>
    {
        var id = RelayIds.FromStampSecret(secret);
        Assert.Equal(4, id.Version);
        Assert.InRange(id.Variant, 8, 11);
    });

    [Fact]
    public void A_password_is_what_relays_compute() => Assert.Equal(
        "6xUIoZ+QvxKhRasLifwfRkMXl+ETLJUsFkHlXjlHAkg",
        TurnCredentials.Password(1685984278, "1cab293a-4032-46f4-862a-40e5d174b0d2", "uvdgKvS9GXYZ_vmv"));

    [Fact]
    public void Credentials_are_derived_from_key_secret_and_expiry() => Assert.Equal(
        (Sample.RelayUsername, Sample.RelayPassword), TurnCredentials.Derive(Sample.ClientKey, "stamp-secret-example", 1767225600));

    [Fact]
    public void Entries_of_a_relay_are_adjacent_with_ipv4_first()
    {
        var entries = RelayEntry.For(
            Sample.RelayId, "198.51.100.10", "2001:db8::10", 3478, "stamp-secret-example", Sample.ClientKey, 1767225600);
        Assert.Equal(Sample.Relays, entries);

        var single = RelayEntry.For(Sample.RelayId, null, "2001:db8::10", 80, "s", Sample.ClientKey, 1);
        Assert.Equal("[2001:db8::10]:80", Assert.Single(single).Addr);
        Assert.Empty(RelayEntry.For(Sample.RelayId, null, "", 80, "s", Sample.ClientKey, 1));
    }

    [Fact]
    public void A_join_carries_the_secret()
    {
        Assert.True(RelayJoin.TryParse(Utf8("""{"x":1,"stamp_secret":"4c98"}"""), out var secret));
        Assert.Equal("4c98", secret);

        Assert.True(RelayJoin.TryParse(RelayMessages.Join("s\"s"), out secret));
        Assert.Equal("s\"s", secret);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{")]
    [InlineData("""{"stamp_secret":""}""")]
    [InlineData("""{"stamp_secret":null}""")]
    [InlineData("""{"stamp_secret":5}""")]
    [InlineData("""{"stamp_secret":"\udfff"}""")]
    public void A_join_without_a_secret_fails(string payload)
    {
        Assert.False(RelayJoin.TryParse(Utf8(payload), out var secret));
        Assert.Equal("", secret);
    }

    [Fact]
    public void A_secret_is_bounded()
    {
        Assert.True(RelayJoin.TryParse(RelayMessages.Join(new string('s', 256)), out _));
        Assert.False(RelayJoin.TryParse(RelayMessages.Join(new string('s', 257)), out _));
    }

    [Fact]
    public void Init_is_an_empty_object() => Assert.Equal("{}", Text(RelayMessages.Init()));
}
