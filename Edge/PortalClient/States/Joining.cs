namespace Firezone.Edge.PortalClient.States;

/// <summary>
/// The socket is open and the join is sent but not acknowledged. Only the join and heartbeats may be written: the portal handles the
/// frames of different topics concurrently and would drop a message that overtakes the join.
/// </summary>
/// <param name="Number">Number of the attempt that opened the socket.</param>
/// <param name="JoinRef">The request number of the join.</param>
/// <param name="TimeoutAt">When the join counts as unanswered.</param>
public sealed record Joining(int Number, long JoinRef, TimeSpan TimeoutAt) : ChannelState
{
    /// <inheritdoc/>
    public override int? Attempt => Number;

    /// <inheritdoc/>
    public override TimeSpan? EndsAt => TimeoutAt;
}
