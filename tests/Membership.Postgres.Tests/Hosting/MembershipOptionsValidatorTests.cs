using Firezone.Membership.Postgres.Hosting;

namespace Firezone.Membership.Postgres.Tests.Hosting;

public sealed class MembershipOptionsValidatorTests
{
    private const string Usable = "Host=db1,db2;Username=u;Password=geheim;Database=d";

    [Fact]
    public void The_defaults_with_a_connection_string_are_valid() => Assert.True(Check(new() { ConnectionString = Usable }).Succeeded);

    [Theory]
    [InlineData("")]
    [InlineData("Username=u;Password=geheim")]
    [InlineData("Host=db;Pasword=geheim")]
    [InlineData("geheim")]
    public void A_connection_string_that_cannot_be_used_is_refused_without_showing_it(string connectionString)
    {
        var result = Check(new() { ConnectionString = connectionString });
        Assert.True(result.Failed);
        Assert.Contains("ConnectionString", result.FailureMessage, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", result.FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_value_out_of_range_is_named_by_its_key()
    {
        var result = Check(new()
        {
            ConnectionString = Usable,
            HeartbeatInterval = TimeSpan.Zero,
            MissedHeartbeatsLimit = 0,
            Watchers = 9,
            Region = "a|b",
        });
        foreach (var key in new[] { "HeartbeatInterval", "MissedHeartbeatsLimit", "Watchers", "Region" })
            Assert.Contains(key, result.FailureMessage, StringComparison.Ordinal);
    }

    private static Microsoft.Extensions.Options.ValidateOptionsResult Check(PostgresMembershipOptions options) =>
        new MembershipOptionsValidator().Validate(null, options);
}
