using Firezone.Grains.Policies;

namespace Firezone.Grains.Authorization;

/// <summary>Chooses the policy under which a flow is authorized.</summary>
public static class PolicyChoice
{
    /// <summary>
    /// Among the policies that conform now, the one that lasts longest (the first of equals). With none, the violated properties of all.
    /// </summary>
    /// <param name="policies">The actor's policies for one resource, in any order.</param>
    /// <param name="subject">The client.</param>
    /// <param name="now">The instant of the decision.</param>
    /// <param name="tokenExpiresAt">End of the client's token. If it is past, so is the decision's expiry.</param>
    public static PolicyDecision Choose(
        ReadOnlySpan<PolicyCandidate> policies, in EvaluationSubject subject, DateTimeOffset now, DateTimeOffset tokenExpiresAt)
    {
        var chosen = -1;
        var latest = DateTimeOffset.MinValue;
        for (var i = 0; i < policies.Length; i++)
        {
            var evaluation = PolicyEvaluator.Evaluate(policies[i].Conditions, subject, now);
            if (!evaluation.Conforms)
                continue;

            var expiresAt = evaluation.ExpiresAt ?? DateTimeOffset.MaxValue;
            if (chosen < 0 || expiresAt > latest)
            {
                chosen = i;
                latest = expiresAt;
            }
        }

        if (chosen >= 0)
            return new PolicyDecision(policies[chosen], latest < tokenExpiresAt ? latest : tokenExpiresAt, []);

        var violations = new List<string>();
        foreach (ref readonly var policy in policies)
        {
            // A property that two policies violate is reported once, so one that is listed already needs no second look.
            PolicyEvaluator.AddViolations(policy.Conditions, subject, now, violations);
        }

        return new PolicyDecision(null, default, violations);
    }
}
