namespace Firezone.Membership.Node.Running;

/// <summary>The machine's clock, a fixed time off. Timers and time stamps for durations are not affected, as on a machine with a wrong clock.</summary>
internal sealed class SkewedTimeProvider(TimeSpan skew) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + skew;
}
