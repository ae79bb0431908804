using System.Globalization;

namespace Firezone.Bench.Benchmarking;

/// <summary>Names of what is measured, as they stand in result files and tables.</summary>
internal static class Phases
{
    public const string NewDevices = "connect, new devices";
    public const string PacedConnects = "connect, paced";
    public const string Connects = "connect";
    public const string Rest = "rest with heartbeats";
    public const string Heartbeats = "heartbeat";
    public const string Flows = "flow";
    public const string PacedFlows = "flow, paced";
    public const string Pushes = "push";
    public const string Closes = "disconnect";

    /// <summary>Bytes of resident set per session.</summary>
    public const string Rss = "rss per session";

    /// <summary>Bytes of proportional set per session.</summary>
    public const string Pss = "pss per session";

    /// <summary>Bytes of resident set of the warmed-up process without clients.</summary>
    public const string EmptyRss = "rss without sessions";

    /// <summary>Milliseconds until the last session had a push.</summary>
    public const string LastPush = "push to the last";

    /// <summary>Bytes of a client's <c>init</c>.</summary>
    public const string InitBytes = "bytes of init";

    private const string Step = "flow, clients connected: ";

    /// <summary>Flows with so many clients connected.</summary>
    public static string FlowsWith(int clients) => Step + clients.ToString(CultureInfo.InvariantCulture);

    /// <summary>The reverse; null for another phase.</summary>
    public static int? ClientsOf(string phase) =>
        phase.StartsWith(Step, StringComparison.Ordinal) ? int.Parse(phase[Step.Length..], CultureInfo.InvariantCulture) : null;
}
