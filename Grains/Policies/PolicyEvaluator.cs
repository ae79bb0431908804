namespace Firezone.Grains.Policies;

/// <summary>Decides whether conditions hold. Pure: the instant is given, and nothing is remembered.</summary>
public static class PolicyEvaluator
{
    /// <summary>Whether all conditions pass, and the earliest instant at which one of them ends. Does not allocate.</summary>
    public static Evaluation Evaluate(CompiledConditions conditions, in EvaluationSubject subject, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(conditions);
        DateTimeOffset? earliest = null;
        foreach (var condition in conditions.Items)
        {
            if (!condition.Passes(subject, now, out var expiresAt))
                return default;
            if (expiresAt is not null && (earliest is null || expiresAt < earliest))
                earliest = expiresAt;
        }

        return new Evaluation(true, earliest);
    }

    /// <summary>The properties of the failing conditions, each once, in the order of the conditions. Empty if all pass.</summary>
    public static IReadOnlyList<string> Violations(CompiledConditions conditions, in EvaluationSubject subject, DateTimeOffset now)
    {
        var violations = new List<string>();
        AddViolations(conditions, subject, now, violations);
        return violations;
    }

    /// <summary>
    /// The next instant at which a time condition may change its outcome, so that a session has to be looked at again only then. Null if
    /// the outcome never changes by itself.
    /// </summary>
    /// <remarks>
    /// Never too late: up to that instant, <see cref="Evaluate"/> answers the same. May be early: with several conditions, the change of
    /// one need not change the whole. The end of a range is inside it, so the change is one tick after <see cref="Evaluation.ExpiresAt"/>.
    /// </remarks>
    public static DateTimeOffset? NextChange(CompiledConditions conditions, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(conditions);
        DateTimeOffset? earliest = null;
        foreach (var condition in conditions.Items)
        {
            if (condition is InvalidCondition)
                return null;
            if (condition is TimeCondition time && time.NextChange(now) is { } change && (earliest is null || change < earliest))
                earliest = change;
        }

        return earliest;
    }

    internal static void AddViolations(
        CompiledConditions conditions, in EvaluationSubject subject, DateTimeOffset now, List<string> violations)
    {
        ArgumentNullException.ThrowIfNull(conditions);
        foreach (var condition in conditions.Items)
        {
            if (!violations.Contains(condition.Property) && !condition.Passes(subject, now, out _))
                violations.Add(condition.Property);
        }
    }
}
