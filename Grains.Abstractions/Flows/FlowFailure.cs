namespace Firezone.Grains.Abstractions.Flows;

/// <summary>Why a flow is not created. The names are the wire's reasons in Pascal case.</summary>
public enum FlowFailure
{
    /// <summary>The resource is not in the client's connectable set.</summary>
    NotFound = 0,

    /// <summary>No gateway of the resource's site is connected, or the flow could not be stored or delivered.</summary>
    Offline = 1,

    /// <summary>Gateways are online, but none is compatible with the client and the resource.</summary>
    VersionMismatch = 2,

    /// <summary>The resource is still in the connectable set, but no policy conforms at this moment.</summary>
    Forbidden = 3,
}
