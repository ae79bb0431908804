using NpgsqlTypes;

namespace Firezone.Storage.Postgres.Routing;

/// <summary>What a replica says of itself.</summary>
/// <param name="InRecovery">It is a standby.</param>
/// <param name="System">Whose data it has.</param>
/// <param name="Timeline">Of the log that it receives; null if it does not tell, or receives none.</param>
/// <param name="Replayed">How far it is.</param>
/// <param name="Age">Time since the last transaction that it has replayed.</param>
internal sealed record ReplicaProbe(bool InRecovery, long System, uint? Timeline, NpgsqlLogSequenceNumber Replayed, TimeSpan Age);
