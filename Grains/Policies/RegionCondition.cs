namespace Firezone.Grains.Policies;

/// <summary><c>remote_ip_location_region</c>: an unknown region is neither in nor outside a list, so it fails both operators.</summary>
internal sealed class RegionCondition(string property, string[] regions, bool negated) : Condition(property)
{
    public override bool Passes(in EvaluationSubject subject, DateTimeOffset now, out DateTimeOffset? expiresAt)
    {
        expiresAt = null;
        return subject.Region is not null && Array.IndexOf(regions, subject.Region) >= 0 != negated;
    }
}
