namespace Firezone.Membership.Bench;

/// <summary>The rows of the table.</summary>
internal static class Rows
{
    public const string JoinSilos = "new silo active → in every silo's view";
    public const string JoinClient = "new silo active → in the external client's list";
    public const string TermSilos = "SIGTERM → out of every silo's view";
    public const string TermClient = "SIGTERM → out of the external client's list";
    public const string KillSilos = "kill -9 → out of every silo's view";
    public const string KillClient = "kill -9 → out of the external client's list";
    public const string Frozen = "process stands still, no FIN, no RST → out of every silo's view";
    public const string Restart = "kill all, start three new ones → first silo active";
    public const string Idle = "statements at idle, per silo and second";
    public const string RollCalls = "rolling restart under load: calls";
    public const string RollFirst = "rolling restart under load: first attempts that failed";
    public const string RollFailed = "rolling restart under load: calls failed after one retry";
    public const string RollCalm = "p99 of calls, calm";
    public const string RollJoin = "p99 of calls, while a further silo starts";
    public const string RollP99 = "p99 of calls, during the restart";
    public const string RollRatio = "p99 during the restart : calm";

    /// <summary>Row, unit (<c>ms</c> or none), target.</summary>
    public static readonly (string Row, string Unit, string Target)[] All =
    [
        (JoinSilos, "ms", "≤ 50 ms"),
        (JoinClient, "ms", "≤ 100 ms"),
        (TermSilos, "ms", "≤ 100 ms"),
        (TermClient, "ms", "≤ 100 ms"),
        (KillSilos, "ms", "≤ 300 ms, worst ≤ 1 s"),
        (KillClient, "ms", "≤ 300 ms, worst ≤ 1 s"),
        (Frozen, "ms", "≤ 16 s"),
        (Restart, "ms", "≤ 5 s"),
        (Idle, "", "≤ 1"),
        (RollCalls, "", ""),
        (RollFirst, "", ""),
        (RollFailed, "", "0"),
        (RollCalm, "ms", ""),
        (RollJoin, "ms", ""),
        (RollP99, "ms", ""),
        (RollRatio, "", "≤ 5"),
    ];
}
