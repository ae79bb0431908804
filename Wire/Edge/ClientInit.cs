using Firezone.Wire.Relay;

namespace Firezone.Wire.Edge;

/// <summary>A client's <c>init</c>: replaces interface and resources, adds or updates relays.</summary>
/// <param name="Interface">Own addresses and DNS settings.</param>
/// <param name="Resources">All connectable resources; unknown types and unfit entries are left out.</param>
/// <param name="Relays">TURN entries.</param>
public sealed record ClientInit(ReceivedInterface Interface, IReadOnlyList<ReceivedResource> Resources, IReadOnlyList<RelayEntry> Relays);
