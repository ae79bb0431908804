namespace Firezone.Edge.PortalClient.States;

/// <summary>The upgrade is under way.</summary>
/// <param name="Number">Number of this attempt; whatever arrives for an earlier one is ignored.</param>
/// <param name="TimeoutAt">When the attempt counts as failed.</param>
public sealed record Connecting(int Number, TimeSpan TimeoutAt) : ChannelState
{
    /// <inheritdoc/>
    public override int? Attempt => Number;

    /// <inheritdoc/>
    public override TimeSpan? EndsAt => TimeoutAt;
}
