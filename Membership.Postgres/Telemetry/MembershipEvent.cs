using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Telemetry;

/// <summary>Something that happened to a member.</summary>
/// <param name="At">When this silo learnt of it, by its own clock.</param>
/// <param name="Silo">Whom it concerns.</param>
/// <param name="SiloName">Its name; empty if this silo has not learnt it.</param>
/// <param name="Kind">What.</param>
/// <param name="Detail">Why, for people; null: there is nothing more to say.</param>
public sealed record MembershipEvent(DateTimeOffset At, SiloAddress Silo, string SiloName, MembershipEventKind Kind, string? Detail);
