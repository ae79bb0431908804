using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Table;

/// <summary>What the database knows of a silo that is not dead by the table.</summary>
/// <param name="Silo">The silo.</param>
/// <param name="Status">Its status in the table.</param>
/// <param name="SinceIAmAlive">Age of its last sign of life in the table or, if later, of its start, by the database's clock. Never negative.</param>
/// <param name="LockHeld">Whether its session lock is held: its process has a session on the server.</param>
public sealed record RowSurvey(SiloId Silo, SiloStatus Status, TimeSpan SinceIAmAlive, bool LockHeld);
