namespace Firezone.Edge.PortalClient.Effects;

/// <summary>Something the owner of a <see cref="ChannelMachine"/> must do, in the order in which effects were given.</summary>
public abstract record ChannelEffect
{
    private protected ChannelEffect()
    {
    }
}
