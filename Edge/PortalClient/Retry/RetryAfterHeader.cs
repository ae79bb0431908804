using System.Globalization;

namespace Firezone.Edge.PortalClient.Retry;

/// <summary>Reads the <c>Retry-After</c> header (RFC 9110, 10.2.3).</summary>
public static class RetryAfterHeader
{
    private static readonly string[] HttpDates =
        ["r", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy", "ddd MMM  d HH:mm:ss yyyy"];

    /// <summary>
    /// Reads whole unsigned seconds or an HTTP date. A date in the past is zero. Signs, fractions and any other text are no wait at
    /// all: false.
    /// </summary>
    public static bool TryParse(string? text, DateTimeOffset now, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        text = text?.Trim();
        if (string.IsNullOrEmpty(text))
            return false;
        if (text.All(char.IsAsciiDigit))
        {
            // Longer numbers than a long holds are still a request to wait "very long"; the schedule clamps it.
            var seconds = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : long.MaxValue;
            wait = seconds >= TimeSpan.MaxValue.TotalSeconds ? TimeSpan.MaxValue : TimeSpan.FromSeconds(seconds);
            return true;
        }

        if (!DateTimeOffset.TryParseExact(text, HttpDates, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date))
            return false;
        wait = date > now ? date - now : TimeSpan.Zero;
        return true;
    }
}
