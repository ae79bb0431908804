namespace Firezone.Grains.Policies;

/// <summary><c>auth_provider_id</c>: a token without a provider is in no list, so it passes the negative operator.</summary>
internal sealed class AuthProviderCondition(string property, Guid[] providers, bool negated) : Condition(property)
{
    public override bool Passes(in EvaluationSubject subject, DateTimeOffset now, out DateTimeOffset? expiresAt)
    {
        expiresAt = null;
        return (subject.AuthProviderId is { } id && Array.IndexOf(providers, id) >= 0) != negated;
    }
}
