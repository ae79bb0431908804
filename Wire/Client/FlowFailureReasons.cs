namespace Firezone.Wire.Client;

/// <summary>Reasons of <c>flow_creation_failed</c> and of refused deprecated requests.</summary>
public static class FlowFailureReasons
{
    /// <summary>The resource is not in the client's connectable set.</summary>
    public const string NotFound = "not_found";

    /// <summary>No gateway of the resource's site is connected. Clients show the site as offline.</summary>
    public const string Offline = "offline";

    /// <summary>Gateways are online, none is compatible. Older clients only log it.</summary>
    public const string VersionMismatch = "version_mismatch";

    /// <summary>In the connectable set, but no policy conforms at this moment; comes with violated properties.</summary>
    public const string Forbidden = "forbidden";
}
