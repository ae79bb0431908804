using Firezone.Grains.Abstractions.Flows;
using Firezone.Grains.Accounts;
using Firezone.Grains.Authorization;

namespace Firezone.Grains.Clients;

/// <summary>Whether a client may have a flow to a resource now.</summary>
/// <param name="Grant">Set exactly when the answer is yes.</param>
/// <param name="Failure">Set exactly when the answer is no.</param>
/// <param name="ViolatedProperties">For <see cref="FlowFailure.Forbidden"/>; null otherwise.</param>
public sealed record FlowDecision(FlowGrant? Grant, FlowFailure? Failure, IReadOnlyList<string>? ViolatedProperties)
{
    /// <summary>The resource is not connectable for this client.</summary>
    public static FlowDecision NotFound { get; } = new(null, FlowFailure.NotFound, null);
}

/// <summary>The policy that grants a flow.</summary>
/// <param name="Resource">What is granted.</param>
/// <param name="Policy">By which policy.</param>
/// <param name="ExpiresAt">Until when.</param>
/// <param name="Basis">On which state of the configuration.</param>
public sealed record FlowGrant(SnapshotResource Resource, PolicyCandidate Policy, DateTimeOffset ExpiresAt, FlowBasis Basis);
