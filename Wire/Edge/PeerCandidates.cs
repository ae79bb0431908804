namespace Firezone.Wire.Edge;

/// <summary>ICE candidates of a device of the other kind.</summary>
/// <param name="PeerId">That device.</param>
/// <param name="Candidates">Opaque strings; skip those that cannot be parsed.</param>
public readonly record struct PeerCandidates(Guid PeerId, IReadOnlyList<string> Candidates);
