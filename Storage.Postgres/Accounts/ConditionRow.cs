namespace Firezone.Storage.Postgres.Accounts;

/// <summary>A condition of a policy, uninterpreted.</summary>
/// <param name="Property">What is looked at, e.g. <c>remote_ip</c>.</param>
/// <param name="Operator">How, e.g. <c>is_in_cidr</c>.</param>
/// <param name="Values">Against what.</param>
public sealed record ConditionRow(string Property, string Operator, string[] Values);
