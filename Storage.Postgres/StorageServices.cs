using Firezone.Storage.Postgres.Accounts;
using Firezone.Storage.Postgres.Authorizations;
using Firezone.Storage.Postgres.Connecting;
using Firezone.Storage.Postgres.Provisioning;
using Firezone.Storage.Postgres.Retention;
using Firezone.Storage.Postgres.Secrets;
using Firezone.Storage.Postgres.Sessions;
using Firezone.Storage.Postgres.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Firezone.Storage.Postgres;

/// <summary>Registration.</summary>
public static class StorageServices
{
    /// <summary>
    /// Registers everything in this assembly as singletons; the change listener and the deletion of expired rows run as hosted services.
    /// The writers drain when the container is disposed. The schema is not migrated here; see <see cref="Schema.SchemaMigrator"/>.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="connectionString">See <see cref="Database"/>.</param>
    public static IServiceCollection AddFirezoneStorage(this IServiceCollection services, string connectionString)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddLogging();
        services.AddMetrics();
        services.AddSingleton<StorageMetrics>();
        services.AddSingleton(s => new Database(connectionString, s.GetService<ILoggerFactory>()));
        services.AddSingleton<DeviceWriter>();
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
        services.AddSingleton<SessionWriter>();
        services.AddSingleton<FrontEndLeases>();
        services.AddHostedService<ExpiredRows>();
        services.AddSingleton<ClusterSecrets>();
        services.AddSingleton<Provisioner>();
        return services;
    }
}
