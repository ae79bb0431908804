namespace Firezone.Edge.PortalClient.States;

/// <summary>
/// Where a portal channel is in its life. Instants are offsets on the monotonic clock whose readings the owner passes to
/// <see cref="ChannelMachine.Step"/>.
/// </summary>
public abstract record ChannelState
{
    private protected ChannelState()
    {
    }

    /// <summary>The socket this state belongs to; null when there is none.</summary>
    public virtual int? Attempt => null;

    /// <summary>When this state ends by itself; null when only an input can end it.</summary>
    public virtual TimeSpan? EndsAt => null;
}
