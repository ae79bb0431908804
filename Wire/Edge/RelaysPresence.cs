using Firezone.Wire.Relay;

namespace Firezone.Wire.Edge;

/// <summary>A change of the device's relays.</summary>
/// <param name="DisconnectedIds">Relays to drop, with their allocations and candidates.</param>
/// <param name="Connected">Relays to add, or to replace if address or credentials differ.</param>
public sealed record RelaysPresence(IReadOnlyList<Guid> DisconnectedIds, IReadOnlyList<RelayEntry> Connected);
