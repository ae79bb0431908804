namespace Firezone.Edge.PortalClient.Inputs;

/// <summary>The portal answered the upgrade with 101.</summary>
/// <param name="Attempt">The attempt it belongs to.</param>
public sealed record SocketOpened(int Attempt) : ChannelInput;
