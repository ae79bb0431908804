namespace Firezone.Edge.PortalClient.Effects;

/// <summary>A frame was ignored; worth a line in a debug log and nothing else.</summary>
/// <param name="Event">The event of the frame.</param>
/// <param name="Why">Why it was ignored.</param>
public sealed record SkipFrame(string Event, string Why) : ChannelEffect;
