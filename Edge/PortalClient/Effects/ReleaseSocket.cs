namespace Firezone.Edge.PortalClient.Effects;

/// <summary>Have done with an attempt or its socket; nothing it reports afterwards counts.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Politely">Send a Close frame first; otherwise the socket is simply abandoned.</param>
public sealed record ReleaseSocket(int Attempt, bool Politely) : ChannelEffect;
