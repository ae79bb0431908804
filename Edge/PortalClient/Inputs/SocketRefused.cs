using Firezone.Edge.PortalClient.Retry;

namespace Firezone.Edge.PortalClient.Inputs;

/// <summary>The upgrade failed.</summary>
/// <param name="Attempt">The attempt it belongs to.</param>
/// <param name="Failure">How.</param>
public sealed record SocketRefused(int Attempt, UpgradeFailure Failure) : ChannelInput;
