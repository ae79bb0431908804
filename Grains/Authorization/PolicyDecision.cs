namespace Firezone.Grains.Authorization;

/// <summary>Which policy grants, or why none does.</summary>
/// <param name="Policy">The granting policy, or null: access is forbidden at this moment.</param>
/// <param name="ExpiresAt">When a granted authorization ends: with the policy or with the token, whichever is earlier.</param>
/// <param name="ViolatedProperties">Properties of all failing conditions, each once; empty if granted.</param>
public readonly record struct PolicyDecision(
    PolicyCandidate? Policy, DateTimeOffset ExpiresAt, IReadOnlyList<string> ViolatedProperties);
