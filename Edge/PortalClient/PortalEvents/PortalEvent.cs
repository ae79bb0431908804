namespace Firezone.Edge.PortalClient.PortalEvents;

/// <summary>Something the owner of a portal channel should know.</summary>
public abstract record PortalEvent
{
    private protected PortalEvent()
    {
    }
}
