namespace Firezone.Admin.Status;

/// <summary>The cluster at a glance.</summary>
/// <param name="Version">Of the program that answers.</param>
/// <param name="Time">Of the answer.</param>
/// <param name="Silos">Those that are not dead, the oldest first.</param>
/// <param name="FrontEnds">Those whose lease is good.</param>
/// <param name="Sessions">Live sessions by kind and region; of the own account, for operators of all.</param>
/// <param name="Replicas">Of the database; for operators only.</param>
public sealed record ClusterStatus(
    string Version,
    DateTimeOffset Time,
    IReadOnlyList<SiloStatusView> Silos,
    IReadOnlyList<FrontEndStatusView> FrontEnds,
    IReadOnlyList<SessionCount> Sessions,
    IReadOnlyList<ReplicaView> Replicas);
