namespace Firezone.Grains.Policies;

/// <summary>One parsed condition. Implementations are immutable and do not allocate while they are evaluated.</summary>
internal abstract class Condition(string property)
{
    /// <summary>The stored name, reported when the condition fails.</summary>
    public string Property { get; } = property;

    /// <summary>Whether the condition passes now, and until when (null: no limit).</summary>
    public abstract bool Passes(in EvaluationSubject subject, DateTimeOffset now, out DateTimeOffset? expiresAt);
}
