namespace Firezone.Edge.PortalClient;

/// <summary>What a device is to the portal; decides its path, its topic and how long it keeps trying during a partition.</summary>
public enum PortalRole
{
    /// <summary>A client: <c>/client/websocket</c>, topic <c>client</c>, never gives up after its first join.</summary>
    Client,

    /// <summary>A gateway: <c>/gateway/websocket</c>, topic <c>gateway</c>, gives up after 24 hours.</summary>
    Gateway,

    /// <summary>A relay: <c>/relay/websocket</c>, topic <c>relay</c>, gives up after 24 hours.</summary>
    Relay,
}
