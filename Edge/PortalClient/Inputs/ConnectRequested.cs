namespace Firezone.Edge.PortalClient.Inputs;

/// <summary>
/// The owner wants a fresh connection now: at start, after a change of network, or because its key changed. An existing socket is
/// abandoned without a Close frame and the retry clock starts anew.
/// </summary>
public sealed record ConnectRequested : ChannelInput;
