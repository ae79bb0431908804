using Firezone.Membership.Postgres.Clients;
using Firezone.Membership.Postgres.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Firezone.Membership.Postgres.Telemetry;

/// <summary>
/// Degraded while the process does not hear the cluster's signals: it works on, but learns of changes by Orleans' slower means. Never
/// unhealthy, because a restart would not bring the database back.
/// </summary>
internal sealed class MembershipHealthCheck(SiloMembership? silo, PostgresGatewayListProvider? client) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(silo?.Listens ?? client?.Listens ?? false
            ? HealthCheckResult.Healthy("Membership signals arrive.")
            : HealthCheckResult.Degraded("No membership signals: the LISTEN session to PostgreSQL is down."));
}
