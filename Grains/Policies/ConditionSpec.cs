namespace Firezone.Grains.Policies;

/// <summary>One condition of a policy as stored, not yet validated.</summary>
/// <param name="Property">What is looked at, e.g. <c>remote_ip</c>.</param>
/// <param name="Operator">How it is compared, e.g. <c>is_in_cidr</c>.</param>
/// <param name="Values">Alternatives; their format depends on <paramref name="Property"/>.</param>
public sealed record ConditionSpec(string Property, string Operator, IReadOnlyList<string> Values);
