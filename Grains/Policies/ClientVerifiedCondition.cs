namespace Firezone.Grains.Policies;

/// <summary><c>client_verified</c>: only the value <c>true</c> demands anything.</summary>
internal sealed class ClientVerifiedCondition(string property, bool required) : Condition(property)
{
    public override bool Passes(in EvaluationSubject subject, DateTimeOffset now, out DateTimeOffset? expiresAt)
    {
        expiresAt = null;
        return subject.Verified || !required;
    }
}
