namespace Firezone.Storage.Postgres.Accounts;

/// <summary>Lets a group reach a resource.</summary>
/// <param name="Id">The policy.</param>
/// <param name="GroupId">Who.</param>
/// <param name="ResourceId">What.</param>
/// <param name="Conditions">All must hold; empty means always.</param>
/// <param name="Revision">Rises when a change takes back what the policy has granted.</param>
public sealed record PolicyRow(Guid Id, Guid GroupId, Guid ResourceId, ConditionRow[] Conditions, long Revision);
