namespace Firezone.Wire.Edge;

/// <summary>A refused flow.</summary>
/// <param name="ResourceId">As requested.</param>
/// <param name="Reason">One of <see cref="Client.FlowFailureReasons"/>, or one that is not known yet.</param>
/// <param name="ViolatedProperties">Empty unless a policy condition failed.</param>
public readonly record struct FlowCreationFailed(Guid ResourceId, string Reason, IReadOnlyList<string> ViolatedProperties);
