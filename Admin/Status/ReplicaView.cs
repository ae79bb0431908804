using Firezone.Storage.Postgres.Routing;

namespace Firezone.Admin.Status;

/// <summary>A replica of the database, as the silo that answers sees it.</summary>
/// <param name="Host">Host and port.</param>
/// <param name="State"><c>usable</c>, <c>lagging</c>, <c>unreachable</c>, <c>diverged</c> or <c>not_a_standby</c>.</param>
/// <param name="LagBytes">How much of the primary's log it had not replayed.</param>
/// <param name="LagSeconds">How old its data were.</param>
public sealed record ReplicaView(string Host, string State, long LagBytes, double LagSeconds)
{
    internal static string Name(ReplicaState state) => state switch
    {
        ReplicaState.Usable => "usable",
        ReplicaState.Lagging => "lagging",
        ReplicaState.Diverged => "diverged",
        ReplicaState.NotAStandby => "not_a_standby",
        _ => "unreachable",
    };
}
