using System.Text.Json.Nodes;
using Firezone.Cli.Output;
using Firezone.Cli.Tests.Running;
using Firezone.Cli.Values;

namespace Firezone.Cli.Tests.Values;

public sealed class ValueTests
{
    [Theory]
    [InlineData("90d", "2026-04-01T00:00:00Z")]
    [InlineData("2w", "2026-01-15T00:00:00Z")]
    [InlineData("90m", "2026-01-01T01:30:00Z")]
    [InlineData("30s", "2026-01-01T00:00:30Z")]
    [InlineData("2027-01-31", "2027-01-31T00:00:00Z")]
    [InlineData("2027-01-31T12:00Z", "2027-01-31T12:00:00Z")]
    [InlineData("2027-01-31T12:00:00.5+02:00", "2027-01-31T10:00:00Z")]
    public void A_time_is_a_distance_or_a_date(string text, string expected) =>
        Assert.Equal(expected, (string?)Moment.InTheFuture(text, new TestTime()));

    [Fact]
    public void A_distance_into_the_past_is_taken_off() => Assert.Equal("2025-12-31T23:00:00Z", (string?)Moment.InThePast("1h", new TestTime()));

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("-1d")]
    [InlineData("1y")]
    [InlineData("99999999999d")]
    [InlineData("2000000000d")]
    [InlineData("31.01.2027")]
    public void What_is_no_time_is_refused(string text) => Assert.Throws<CliException>(() => Moment.InTheFuture(text, new TestTime()));

    [Theory]
    [InlineData("tcp", """{"protocol":"tcp","ports":[]}""")]
    [InlineData("icmp", """{"protocol":"icmp","ports":[]}""")]
    [InlineData("udp:53, 1000-2000", """{"protocol":"udp","ports":["53","1000-2000"]}""")]
    public void A_filter_is_a_protocol_and_ports(string text, string json) => Assert.Equal(json, TrafficFilter.Parse(text).ToJsonString());

    [Theory]
    [InlineData("gre")]
    [InlineData("tcp:")]
    [InlineData("443")]
    public void What_is_no_filter_is_refused(string text) => Assert.Throws<CliException>(() => TrafficFilter.Parse(text));

    [Theory]
    [InlineData("null", "-")]
    [InlineData("[]", "-")]
    [InlineData("true", "yes")]
    [InlineData("false", "no")]
    [InlineData("12.5", "12.5")]
    [InlineData("""["a","b"]""", "a, b")]
    [InlineData("\"text\"", "text")]
    [InlineData("{}", "{}")]
    public void A_value_is_shown_plainly(string json, string shown) => Assert.Equal(shown, Cell.Of("x", JsonNode.Parse(json)));

    [Fact]
    public void A_moment_is_shown_to_the_second() => Assert.Equal("2026-01-01 10:00:00Z", Cell.Of("created_at", "2026-01-01T12:00:00.123456+02:00"));
}
