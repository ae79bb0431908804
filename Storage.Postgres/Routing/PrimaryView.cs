using NpgsqlTypes;

namespace Firezone.Storage.Postgres.Routing;

/// <summary>The primary at the time of a look at a replica.</summary>
/// <param name="System">Whose data it has.</param>
/// <param name="Timeline">Of its log.</param>
/// <param name="Before">Its position before the replica told its own.</param>
/// <param name="After">Its position after that, or the same as before.</param>
internal sealed record PrimaryView(long System, uint Timeline, NpgsqlLogSequenceNumber Before, NpgsqlLogSequenceNumber After);
