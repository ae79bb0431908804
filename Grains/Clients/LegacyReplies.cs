using Firezone.Grains.Abstractions.Flows;
using Firezone.Wire.Errors;

namespace Firezone.Grains.Clients;

/// <summary>Error replies to the deprecated connection requests.</summary>
public static class LegacyReplies
{
    /// <summary><c>{"reason":…}</c>, with the violated properties if there are any.</summary>
    public static RequestReply Failure(FlowFailure failure, IReadOnlyList<string>? violatedProperties) =>
        new(false, ErrorResponses.Reason(WireReasons.Name(failure), violatedProperties).ToArray());
}
