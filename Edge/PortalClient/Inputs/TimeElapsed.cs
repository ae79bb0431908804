namespace Firezone.Edge.PortalClient.Inputs;

/// <summary>The instant of <see cref="ChannelMachine.Deadline"/> has come. Early or superfluous ones do nothing.</summary>
public sealed record TimeElapsed : ChannelInput;
