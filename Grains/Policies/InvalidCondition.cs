namespace Firezone.Grains.Policies;

/// <summary>A condition that nobody can evaluate. It fails: guessing would grant access that was not meant.</summary>
internal sealed class InvalidCondition(string property) : Condition(property)
{
    public override bool Passes(in EvaluationSubject subject, DateTimeOffset now, out DateTimeOffset? expiresAt)
    {
        expiresAt = null;
        return false;
    }
}
