using System.Globalization;
using Firezone.Grains.Abstractions.Explaining;
using Firezone.Grains.Abstractions.Flows;

namespace Firezone.Admin.Explaining;

/// <summary>Puts a judgement into one reason and one sentence.</summary>
internal static class Verdict
{
    /// <summary>The only reason that is none.</summary>
    public const string Granted = "granted";

    /// <summary>The first reason that applies.</summary>
    public static (string Reason, string Detail) Of(
        ClientFacts client, ResourceFacts resource, IReadOnlyList<PolicyFacts> policies, AccessExplanation answer)
    {
        if (client.ActorDisabled)
            return ("actor_disabled", $"{client.ActorName} is disabled.");
        if (!policies.Any(p => p.Member && !p.Disabled))
        {
            return ("no_policy", policies.Any(p => p.Member)
                ? $"The policies that would give {client.ActorName} the resource are disabled."
                : $"No policy for the resource belongs to a group of {client.ActorName}.");
        }

        if (resource.SiteId is null)
            return ("no_site", "The resource has no site, so no gateway can serve it.");
        if (!answer.Policies.Any(p => p.InEffect))
            return ("no_policy", "The cluster does not count any of the policies yet: a change is still on its way, or has just been made.");
        if (!answer.IsExpressible)
            return ("client_too_old", $"Version {client.LastSeenVersion} of the client cannot be told of this resource.");
        if (answer.GrantingPolicyId is null)
            return ("forbidden", $"The conditions of no policy hold now: {string.Join(", ", answer.ViolatedProperties)}.");
        return answer.Choice?.Failure switch
        {
            FlowFailure.VersionMismatch => ("version_mismatch", $"No connected gateway of {resource.SiteName} fits the client and the resource."),
            not null => ("offline", $"No gateway of {resource.SiteName} is connected."),
            null => (Granted, $"Policy {answer.GrantingPolicyId} grants access {Until(answer.ExpiresAt)}."),
        };
    }

    /// <summary>As the API names it.</summary>
    public static string? Failure(FlowFailure? failure) => failure switch
    {
        null => null,
        FlowFailure.VersionMismatch => "version_mismatch",
        _ => "offline",
    };

    private static string Until(DateTimeOffset? at) =>
        at is null ? "without limit" : "until " + at.Value.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
