namespace Firezone.Edge.PortalClient.States;

/// <summary>The portal acknowledged the join; messages flow.</summary>
/// <param name="Number">Number of the attempt that opened the socket.</param>
public sealed record Joined(int Number) : ChannelState
{
    /// <inheritdoc/>
    public override int? Attempt => Number;
}
