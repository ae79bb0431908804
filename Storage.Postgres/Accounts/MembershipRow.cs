namespace Firezone.Storage.Postgres.Accounts;

/// <summary>An actor in a group.</summary>
/// <param name="Id">The membership; authorizations refer to it.</param>
/// <param name="GroupId">The group.</param>
/// <param name="ActorId">The actor.</param>
public sealed record MembershipRow(Guid Id, Guid GroupId, Guid ActorId);
