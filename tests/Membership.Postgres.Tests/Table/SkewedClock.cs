namespace Firezone.Membership.Postgres.Tests.Table;

/// <summary>A clock that runs, and shows a wrong time.</summary>
internal sealed class SkewedClock(TimeSpan ahead) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
}
