using System.Globalization;
using Firezone.Edge.PortalClient.Retry;

namespace Firezone.Edge.Tests.PortalClient.Retry;

public sealed class RetryAfterHeaderTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("1994-11-06T08:49:07Z", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("120", 120)]
    [InlineData(" 7 ", 7)]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT", 30)]
    [InlineData("Sunday, 06-Nov-94 08:49:37 GMT", 30)]
    [InlineData("Sun Nov  6 08:49:37 1994", 30)]
    [InlineData("Sun, 06 Nov 1994 08:00:00 GMT", 0)]
    public void Seconds_and_the_three_forms_of_an_http_date_are_read(string text, double seconds)
    {
        Assert.True(RetryAfterHeader.TryParse(text, Now, out var wait));
        Assert.Equal(TimeSpan.FromSeconds(seconds), wait);
    }

    [Theory]
    [InlineData("99999999999999999999999")]
    [InlineData("9223372036854775807")]
    public void A_number_too_large_is_the_longest_wait(string text)
    {
        Assert.True(RetryAfterHeader.TryParse(text, Now, out var wait));
        Assert.Equal(TimeSpan.MaxValue, wait);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("+5")]
    [InlineData("12.5")]
    [InlineData("soon")]
    [InlineData("1994-11-06T08:49:37Z")]
    public void Anything_else_is_no_wait_at_all(string? text) => Assert.False(RetryAfterHeader.TryParse(text, Now, out _));
}
