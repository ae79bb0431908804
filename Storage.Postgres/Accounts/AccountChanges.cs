namespace Firezone.Storage.Postgres.Accounts;

/// <summary>What happened to an account after some version, without a gap.</summary>
/// <param name="Version">The account's version after the last change; the one asked from if there is none.</param>
/// <param name="Changes">In the order of the commits; within a transaction in the order of its statements.</param>
public sealed record AccountChanges(long Version, IReadOnlyList<AccountChange> Changes);
