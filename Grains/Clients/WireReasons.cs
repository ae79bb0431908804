using Firezone.Grains.Abstractions.Flows;
using Firezone.Wire.Client;

namespace Firezone.Grains.Clients;

/// <summary>The wire's names of flow failures.</summary>
public static class WireReasons
{
    /// <summary>Value of <c>reason</c>.</summary>
    public static string Name(FlowFailure failure) => failure switch
    {
        FlowFailure.NotFound => FlowFailureReasons.NotFound,
        FlowFailure.VersionMismatch => FlowFailureReasons.VersionMismatch,
        FlowFailure.Forbidden => FlowFailureReasons.Forbidden,
        _ => FlowFailureReasons.Offline,
    };
}
