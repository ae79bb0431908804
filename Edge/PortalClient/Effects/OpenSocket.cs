namespace Firezone.Edge.PortalClient.Effects;

/// <summary>Resolve the portal's name and start the upgrade; report back with the same attempt number.</summary>
/// <param name="Attempt">Counted from 1 over the life of the channel.</param>
public sealed record OpenSocket(int Attempt) : ChannelEffect;
