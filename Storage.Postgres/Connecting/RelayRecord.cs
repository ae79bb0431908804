namespace Firezone.Storage.Postgres.Connecting;

/// <summary>An admitted relay. Relays have no row of their own.</summary>
/// <param name="TokenId">The credential used; relays may share one.</param>
/// <param name="Now">The database's clock at this connect.</param>
public sealed record RelayRecord(Guid TokenId, DateTimeOffset Now);
