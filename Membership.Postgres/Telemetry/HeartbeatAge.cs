namespace Firezone.Membership.Postgres.Telemetry;

/// <summary>How long ago a silo was last heard.</summary>
internal readonly record struct HeartbeatAge(SiloId Silo, TimeSpan Age);
