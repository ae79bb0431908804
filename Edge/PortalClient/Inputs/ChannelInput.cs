namespace Firezone.Edge.PortalClient.Inputs;

/// <summary>Something that happened to a portal channel.</summary>
public abstract record ChannelInput
{
    private protected ChannelInput()
    {
    }
}
