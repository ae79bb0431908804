namespace Firezone.Storage.Postgres.Batching;

/// <summary>Writes rows in one transaction: all are stored or none.</summary>
/// <typeparam name="T">The kind of row.</typeparam>
/// <param name="rows">At least one, with distinct keys.</param>
/// <param name="isolating">
/// True while a bad row is being looked for: fail quickly, for example on locks, instead of waiting.
/// </param>
/// <param name="ct">Cancelled when the writer gives up draining.</param>
/// <returns>Keys of rows that were left out because they may not be stored; the others are committed. Usually empty.</returns>
internal delegate Task<IReadOnlyCollection<Guid>> WriteBatch<T>(IReadOnlyList<T> rows, bool isolating, CancellationToken ct);
