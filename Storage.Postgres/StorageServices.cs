using Firezone.Storage.Postgres.Accounts;
using Firezone.Storage.Postgres.Authorizations;
using Firezone.Storage.Postgres.Availability;
using Firezone.Storage.Postgres.Behind;
using Firezone.Storage.Postgres.Connecting;
using Firezone.Storage.Postgres.Provisioning;
using Firezone.Storage.Postgres.Retention;
using Firezone.Storage.Postgres.Routing;
using Firezone.Storage.Postgres.Secrets;
using Firezone.Storage.Postgres.Sessions;
using Firezone.Storage.Postgres.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Firezone.Storage.Postgres;

/// <summary>Registration.</summary>
public static class StorageServices
{
    /// <summary>
    /// Registers everything in this assembly as singletons; the change listener, the monitor of the replicas and housekeeping run as
    /// hosted services. Needs the host's configuration.
    /// The writers drain when the container is disposed. The schema is not migrated here; see <see cref="Schema.SchemaMigrator"/>.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="connectionString">See <see cref="Database"/>.</param>
    /// <param name="replicas">The same; null: one server does all.</param>
    public static IServiceCollection AddFirezoneStorage(this IServiceCollection services, string connectionString, string? replicas = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddLogging();
        services.AddMetrics();
        services.AddSingleton<StorageMetrics>();
        services.AddOptions<ReplicaOptions>().BindConfiguration(ReplicaOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(s => new Database(
            connectionString,
            s.GetService<ILoggerFactory>(),
            replicas,
            s.GetRequiredService<IOptions<ReplicaOptions>>().Value,
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<StorageMetrics>()));
        services.AddHostedService<ReplicaMonitor>();
        services.AddSingleton<WriteBehind>();
        services.AddSingleton<ConnectGate>();
        services.AddSingleton<FirstConnectGate>();
        services.AddSingleton<ClientConnects>();
        services.AddSingleton<GatewayConnects>();
        services.AddSingleton<RelayConnects>();
        services.AddSingleton<AccountReader>();
        services.AddSingleton<AccountChangeReader>();
        services.AddSingleton<AccountChangePoll>();
        services.AddSingleton<AccountChangeListener>();
        services.AddHostedService(s => s.GetRequiredService<AccountChangeListener>());
        services.AddSingleton<CredentialReader>();
        services.AddSingleton<AuthorizationWriter>();
        services.AddSingleton<AuthorizationReader>();
        services.AddSingleton<FrontEndLeases>();
        services.AddOptions<RetentionOptions>().BindConfiguration(RetentionOptions.SectionName).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RetentionOptions>, RetentionOptionsValidator>();
        services.AddSingleton<RetentionMetrics>();
        services.AddSingleton<AuditLogMonths>();
        services.AddSingleton<ExpiredRows>();
        services.AddHostedService<Housekeeper>();
        services.AddSingleton<ClusterSecrets>();
        services.AddSingleton<Provisioner>();
        return services;
    }
}
