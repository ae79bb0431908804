namespace Firezone.Edge.PortalClient.Inputs;

/// <summary>The owner is done; an open socket is closed with a Close frame.</summary>
public sealed record CloseRequested : ChannelInput;
