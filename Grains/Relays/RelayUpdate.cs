using Firezone.Grains.Abstractions.Relays;

namespace Firezone.Grains.Relays;

/// <summary>The content of one <c>relays_presence</c>.</summary>
/// <param name="Gone">Relays that the peer was told and that are offline; never also in <paramref name="Connected"/>.</param>
/// <param name="Connected">The peer's relays from now on; may repeat ones that it has already.</param>
public sealed record RelayUpdate(IReadOnlyList<Guid> Gone, IReadOnlyList<RelayPresence> Connected);
