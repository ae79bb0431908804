namespace Firezone.Admin.Explaining;

/// <summary>A condition and what it says of the client.</summary>
/// <param name="Property">What is looked at.</param>
/// <param name="Operator">How.</param>
/// <param name="Values">Against what.</param>
/// <param name="Passes">It holds now.</param>
/// <param name="ExpiresAt">Until when; null: no limit.</param>
public sealed record ExplainedCondition(string Property, string Operator, string[] Values, bool Passes, DateTimeOffset? ExpiresAt);
