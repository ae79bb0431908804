using System.Text.Json.Nodes;
using CsCheck;
using Firezone.Cli.Values;

namespace Firezone.Cli.Tests.Values;

public sealed class ConditionTests
{
    private const string Time = "current_utc_datetime is_in_day_of_week_time_ranges";

    [Theory]
    [InlineData("region in DE,FR", "remote_ip_location_region is_in", "DE|FR")]
    [InlineData("region in DE, FR", "remote_ip_location_region is_in", "DE|FR")]
    [InlineData("region not in US", "remote_ip_location_region is_not_in", "US")]
    [InlineData("ip in 10.0.0.0/8,2001:db8::/32", "remote_ip is_in_cidr", "10.0.0.0/8|2001:db8::/32")]
    [InlineData("ip  not in  192.0.2.1", "remote_ip is_not_in_cidr", "192.0.2.1")]
    [InlineData("provider in 7a6f2c3e-0000-0000-0000-000000000001", "auth_provider_id is_in", "7a6f2c3e-0000-0000-0000-000000000001")]
    [InlineData("verified", "client_verified is", "true")]
    [InlineData("not verified", "client_verified is", "false")]
    [InlineData("time in Mon 08:00-17:00 Europe/Berlin", Time, "M/08:00-17:00/Europe/Berlin")]
    [InlineData("time in Tue-Thu 08:00-12:00,13:00-17:00:30 UTC", Time,
        "T/08:00-12:00,13:00-17:00:30/UTC|W/08:00-12:00,13:00-17:00:30/UTC|R/08:00-12:00,13:00-17:00:30/UTC")]
    [InlineData("time in Fri,sun all-day America/Merida; Sat 10:00-11:00 UTC", Time, "F/true/America/Merida|U/true/America/Merida|S/10:00-11:00/UTC")]
    public void A_condition_is_written_as_people_say_it(string text, string rule, string values)
    {
        var condition = (JsonObject)Condition.Parse(text);
        Assert.Equal(rule, $"{condition["property"]} {condition["operator"]}");
        Assert.Equal(values, string.Join('|', condition["values"]!.AsArray()));
        Assert.True(JsonNode.DeepEquals(condition, Condition.Parse(Condition.Write(condition))), Condition.Write(condition));
    }

    [Theory]
    [InlineData("")]
    [InlineData("region")]
    [InlineData("region in")]
    [InlineData("region is DE")]
    [InlineData("moon in full")]
    [InlineData("verified true")]
    [InlineData("time in Mon")]
    [InlineData("time in Mon 08:00-17:00")]
    [InlineData("time in Moonday 08:00-17:00 UTC")]
    [InlineData("time in Fri-Mon 08:00-17:00 UTC")]
    [InlineData("time in Mon-Tue-Wed 08:00-17:00 UTC")]
    [InlineData("time not in Mon 08:00-17:00 UTC")]
    public void What_is_no_condition_is_refused(string text) =>
        Assert.Equal(ExitCode.Usage, Assert.Throws<CliException>(() => Condition.Parse(text)).ExitCode);

    [Fact]
    public void A_condition_that_is_not_known_shows_the_words_of_the_API()
    {
        var condition = JsonNode.Parse("""{"property":"moon_phase","operator":"is_in","values":["full","new"]}""")!;
        Assert.Equal("moon_phase is_in full,new", Condition.Write((JsonObject)condition));
    }

    [Fact]
    public void Hours_of_the_week_are_read_back_as_they_were()
    {
        var day = OneOf("M", "T", "W", "R", "F", "S", "U");
        var hours = OneOf("true", "08:00-17:00", "00:00-06:00,22:00-23:59:59");
        var zone = OneOf("UTC", "Europe/Berlin", "America/Argentina/Ushuaia");
        Gen.Select(day, hours, zone, (d, h, z) => $"{d}/{h}/{z}").List[1, 12].Sample(values =>
        {
            var condition = new JsonObject
            {
                ["property"] = "current_utc_datetime",
                ["operator"] = "is_in_day_of_week_time_ranges",
                ["values"] = new JsonArray([.. values.Select(value => JsonValue.Create(value))]),
            };
            return JsonNode.DeepEquals(condition, Condition.Parse(Condition.Write(condition)));
        });
    }

    private static Gen<string> OneOf(params string[] choices) => Gen.Int[0, choices.Length - 1].Select(index => choices[index]);
}
