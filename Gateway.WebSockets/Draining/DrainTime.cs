using Firezone.Gateway.WebSockets.Options;

namespace Firezone.Gateway.WebSockets.Draining;

/// <summary>How long an orderly stop takes.</summary>
internal static class DrainTime
{
    private const int FewSockets = 64;
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(0.2);

    /// <summary>For what follows the drain: the last sockets and calls, and a silo in the same process.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(30);

    /// <summary>Over which time so many sockets are closed.</summary>
    internal static TimeSpan Of(int sockets, FrontEndOptions options)
    {
        var least = TimeSpan.FromSeconds(options.DrainSeconds);
        if (sockets <= FewSockets)
            return least < Short ? least : Short;
        var bounded = TimeSpan.FromSeconds(sockets / options.DrainPerSecond);
        return bounded < least ? least : bounded > Longest(options) ? Longest(options) : bounded;
    }

    /// <summary>After which the process ends whatever is left.</summary>
    internal static TimeSpan Deadline(FrontEndOptions options) => Longest(options) + Rest < Usual ? Usual : Longest(options) + Rest;

    private static TimeSpan Longest(FrontEndOptions options) => TimeSpan.FromSeconds(Math.Max(options.DrainSeconds, options.DrainMaxSeconds));
}
