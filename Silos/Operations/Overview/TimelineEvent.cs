namespace Firezone.Silos.Operations.Overview;

/// <summary>An event of the cluster's membership.</summary>
/// <param name="At">When somebody first saw it.</param>
/// <param name="Silo">Whom it concerns.</param>
/// <param name="Kind">A <see cref="Firezone.Membership.Postgres.Telemetry.MembershipEventKind"/>.</param>
/// <param name="Detail">Why; null: there is nothing more to say.</param>
/// <param name="Observers">Who saw it.</param>
internal sealed record TimelineEvent(DateTimeOffset At, string Silo, string Kind, string? Detail, IReadOnlyList<string> Observers);
