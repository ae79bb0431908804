namespace Firezone.Wire.Frames;

/// <summary>All event names of the three channels. <see cref="FrameReader"/> hands out these very instances.</summary>
public static class Events
{
    /// <summary>Peer to portal: opens the channel.</summary>
    public const string Join = "phx_join";

    /// <summary>Peer to portal: closes the channel, keeps the socket. Native peers never send it.</summary>
    public const string Leave = "phx_leave";

    /// <summary>Portal to peer: the answer to one request, found by its ref.</summary>
    public const string Reply = "phx_reply";

    /// <summary>Portal to peer: the channel is over; the peer reconnects. Its payload is an empty object.</summary>
    public const string Close = "phx_close";

    /// <summary>Portal to peer. Ignored by peers, which then stay attached to a dead channel: close the socket instead.</summary>
    public const string Error = "phx_error";

    /// <summary>Peer to portal, on <see cref="Topics.Phoenix"/>.</summary>
    public const string Heartbeat = "heartbeat";

    /// <summary>Portal to peer. With reason <c>token_expired</c> it ends the peer's session like a 401.</summary>
    public const string Disconnect = "disconnect";

    /// <summary>Portal to peer: the first push after every join.</summary>
    public const string Init = "init";

    /// <summary>Portal to client.</summary>
    public const string ConfigChanged = "config_changed";

    /// <summary>Portal to client: one resource object.</summary>
    public const string ResourceCreatedOrUpdated = "resource_created_or_updated";

    /// <summary>Portal to client: the id as a bare JSON string.</summary>
    public const string ResourceDeleted = "resource_deleted";

    /// <summary>Portal to gateway: one resource object whose filters changed.</summary>
    public const string ResourceUpdated = "resource_updated";

    /// <summary>Portal to client and gateway.</summary>
    public const string RelaysPresence = "relays_presence";

    /// <summary>Portal to client and gateway.</summary>
    public const string IceCandidates = "ice_candidates";

    /// <summary>Portal to client and gateway.</summary>
    public const string InvalidateIceCandidates = "invalidate_ice_candidates";

    /// <summary>Client and gateway to portal.</summary>
    public const string BroadcastIceCandidates = "broadcast_ice_candidates";

    /// <summary>Client and gateway to portal.</summary>
    public const string BroadcastInvalidatedIceCandidates = "broadcast_invalidated_ice_candidates";

    /// <summary>Client to portal; answered by a push, never by a reply.</summary>
    public const string CreateFlow = "create_flow";

    /// <summary>Portal to client.</summary>
    public const string FlowCreated = "flow_created";

    /// <summary>Portal to client.</summary>
    public const string FlowCreationFailed = "flow_creation_failed";

    /// <summary>Portal to gateway.</summary>
    public const string AuthorizeFlow = "authorize_flow";

    /// <summary>Gateway to portal.</summary>
    public const string FlowAuthorized = "flow_authorized";

    /// <summary>Portal to gateway.</summary>
    public const string RejectAccess = "reject_access";

    /// <summary>Portal to gateway.</summary>
    public const string AccessAuthorizationExpiryUpdated = "access_authorization_expiry_updated";

    /// <summary>Deprecated since 1.4: client to portal.</summary>
    public const string PrepareConnection = "prepare_connection";

    /// <summary>Deprecated since 1.4: client to portal.</summary>
    public const string ReuseConnection = "reuse_connection";

    /// <summary>Deprecated since 1.4: client to portal, and portal to gateway.</summary>
    public const string RequestConnection = "request_connection";

    /// <summary>Deprecated since 1.4: portal to gateway.</summary>
    public const string AllowAccess = "allow_access";

    /// <summary>Deprecated since 1.4: gateway to portal.</summary>
    public const string ConnectionReady = "connection_ready";

    /// <summary>Peers built after March 2026 ask for a fresh relay selection instead of reconnecting.</summary>
    public const string NoRelays = "no_relays";

    /// <summary>Peers built after June 2026; to be ignored silently.</summary>
    public const string SetSnownetCapabilities = "set_snownet_capabilities";

    /// <summary>Second socket version: <see cref="CreateFlow"/>.</summary>
    public const string RequestAuthorization = "request_authorization";

    /// <summary>Second socket version: <see cref="FlowCreated"/> to clients, <see cref="FlowAuthorized"/> from gateways.</summary>
    public const string AuthorizationCreated = "authorization_created";

    /// <summary>Second socket version: <see cref="FlowCreationFailed"/>.</summary>
    public const string AuthorizationCreationFailed = "authorization_creation_failed";

    /// <summary>Second socket version: <see cref="AuthorizeFlow"/>.</summary>
    public const string CreateAuthorization = "create_authorization";
}
