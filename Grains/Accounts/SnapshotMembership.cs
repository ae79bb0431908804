namespace Firezone.Grains.Accounts;

/// <summary>One membership of an actor.</summary>
/// <param name="GroupId">The group.</param>
/// <param name="Id">The membership; authorizations refer to it.</param>
public readonly record struct SnapshotMembership(Guid GroupId, Guid Id);
