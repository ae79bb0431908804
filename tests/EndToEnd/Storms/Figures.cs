using Firezone.Bench.Load;

namespace Firezone.EndToEnd.Storms;

/// <summary>What was seen of a crowd in a span of time.</summary>
internal sealed class Figures
{
    /// <summary>Round trips of the heartbeats of those that are watched.</summary>
    public Histogram Heartbeats { get; } = new();

    /// <summary>From the loss of a socket to the next <c>init</c>.</summary>
    public Histogram Gaps { get; } = new();

    /// <summary>From asking for a flow to its grant or refusal.</summary>
    public Histogram Flows { get; } = new();

    /// <summary>From a device's first flow that failed to its next that was granted.</summary>
    public Histogram Failing { get; } = new();

    /// <summary>What the device met that was without a socket for longest.</summary>
    public string LongestGap { get; set; } = "";

    /// <summary>What the device met whose flows failed for longest.</summary>
    public string LongestFailing { get; set; } = "";

    /// <summary>Flows that were not granted, by why.</summary>
    public Tally FlowFailures { get; } = new();

    /// <summary>Flows without an answer within five seconds though the socket stayed.</summary>
    public int Unanswered { get; set; }

    /// <summary>Flows whose socket ended before the answer.</summary>
    public int Interrupted { get; set; }

    /// <summary>Refused connects by status and code.</summary>
    public Tally Refusals { get; } = new();

    /// <summary>Refusals other than 503 with <c>Retry-After</c>.</summary>
    public Tally OtherRefusals { get; } = new();

    /// <summary>Connects that came to nothing otherwise.</summary>
    public Tally FailedConnects { get; } = new();

    /// <summary>Sockets that ended, by why.</summary>
    public Tally Losses { get; } = new();

    public override string ToString() =>
        $"heartbeats {Describe(Heartbeats)}; flows {Describe(Flows)}, unanswered {Unanswered}, interrupted {Interrupted}, refused: {FlowFailures}; "
        + $"failing {Describe(Failing)}; gaps {Describe(Gaps)}; losses: {Losses}; refusals: {Refusals}; failed connects: {FailedConnects}"
        + Line("longest gap", LongestGap) + Line("failed longest", LongestFailing);

    private static string Line(string what, string story) => story.Length == 0 ? "" : $"\n  {what}: {story}";

    private static string Describe(Histogram durations) => durations.Count == 0
        ? "none"
        : FormattableString.Invariant($"{durations.Count} x p50 {durations.Quantile(0.5).TotalMilliseconds:0.0} ")
            + FormattableString.Invariant($"p99 {durations.Quantile(0.99).TotalMilliseconds:0} max {durations.Longest.TotalMilliseconds:0} ms");
}
