using System.Diagnostics;

namespace Firezone.Edge.PortalClient;

/// <summary>The fixed facts about each <see cref="PortalRole"/>.</summary>
public static class PortalRoles
{
    /// <summary>The channel topic, which is also the first segment of the WebSocket path.</summary>
    public static string Topic(this PortalRole role) => role switch
    {
        PortalRole.Client => "client",
        PortalRole.Gateway => "gateway",
        PortalRole.Relay => "relay",
        _ => throw new UnreachableException(),
    };

    /// <summary>
    /// How long a device of this role goes on trying after it has been joined once. Null: for ever, as the headless client does
    /// unless it is configured otherwise.
    /// </summary>
    public static TimeSpan? DefaultPartitionLimit(this PortalRole role) => role switch
    {
        PortalRole.Client => null,
        _ => TimeSpan.FromHours(24),
    };
}
