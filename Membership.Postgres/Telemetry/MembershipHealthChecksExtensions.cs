using Firezone.Membership.Postgres.Clients;
using Firezone.Membership.Postgres.Hosting;
using Firezone.Membership.Postgres.Telemetry;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The health check of PostgreSQL membership.</summary>
public static class MembershipHealthChecksExtensions
{
    /// <summary>
    /// Reports whether the signals of the cluster reach this silo or client. The worst result is <see cref="HealthStatus.Degraded"/>: use it
    /// to look at, not to restart by.
    /// </summary>
    public static IHealthChecksBuilder AddPostgresMembership(this IHealthChecksBuilder builder, string name = "membership") =>
        builder.Add(new HealthCheckRegistration(
            name,
            services => new MembershipHealthCheck(services.GetService<SiloMembership>(), services.GetService<PostgresGatewayListProvider>()),
            HealthStatus.Degraded,
            tags: null));
}
