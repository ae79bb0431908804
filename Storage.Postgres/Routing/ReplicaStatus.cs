namespace Firezone.Storage.Postgres.Routing;

/// <summary>A replica as this process sees it.</summary>
/// <param name="Host">Host and port.</param>
/// <param name="State">What it is good for.</param>
/// <param name="LagBytes">How much of the primary's log it had not replayed when last looked at.</param>
/// <param name="LagSeconds">How old its data were then, by the clocks of the two servers; 0 if it had everything.</param>
public sealed record ReplicaStatus(string Host, ReplicaState State, long LagBytes, double LagSeconds);
