namespace Firezone.Grains.Status;

/// <summary>A replica of the database, as one silo sees it.</summary>
/// <param name="Host">Host and port.</param>
/// <param name="State"><c>usable</c>, <c>lagging</c>, <c>unreachable</c>, <c>diverged</c> or <c>not a standby</c>.</param>
/// <param name="LagBytes">How much of the primary's log it had not replayed.</param>
/// <param name="LagSeconds">How old its data were.</param>
[GenerateSerializer, Immutable, Alias("fz.ReplicaReport")]
public sealed record ReplicaReport(
    [property: Id(0)] string Host, [property: Id(1)] string State, [property: Id(2)] long LagBytes, [property: Id(3)] double LagSeconds);
