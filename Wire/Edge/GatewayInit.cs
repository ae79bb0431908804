using Firezone.Wire.Gateway;
using Firezone.Wire.Relay;

namespace Firezone.Wire.Edge;

/// <summary>A gateway's <c>init</c>.</summary>
/// <param name="AccountSlug">Or null.</param>
/// <param name="Interface">Own addresses.</param>
/// <param name="Relays">TURN entries.</param>
/// <param name="Authorizations">Accesses to keep for the clients that are listed.</param>
public sealed record GatewayInit(
    string? AccountSlug,
    ReceivedInterface Interface,
    IReadOnlyList<RelayEntry> Relays,
    IReadOnlyList<AuthorizationEntry> Authorizations);
