namespace Firezone.Storage.Postgres.Accounts;

/// <summary>An account that has reached a version.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="Version">Its highest one seen.</param>
public readonly record struct AccountVersion(Guid AccountId, long Version);
