using Firezone.Membership.Postgres;
using Firezone.Membership.Postgres.Clients;
using Firezone.Membership.Postgres.Hosting;
using Firezone.Membership.Postgres.Placement;
using Firezone.Membership.Postgres.Probing;
using Firezone.Membership.Postgres.Signals;
using Firezone.Membership.Postgres.Table;
using Firezone.Membership.Postgres.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Orleans.Hosting;

/// <summary>Clustering through PostgreSQL with LISTEN/NOTIFY.</summary>
public static class PostgresMembershipHostingExtensions
{
    // Orleans asks for the list of silos again this long after an answer; the answer itself is held back until there is news.
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(50);

    /// <summary>Makes the silo a member of the cluster that the database keeps. Takes the place of any other clustering provider.</summary>
    public static ISiloBuilder UsePostgresMembership(this ISiloBuilder builder, Action<PostgresMembershipOptions> configure) =>
        builder.UsePostgresMembership(options => options.Configure(configure));

    /// <inheritdoc cref="UsePostgresMembership(ISiloBuilder, Action{PostgresMembershipOptions})"/>
    public static ISiloBuilder UsePostgresMembership(this ISiloBuilder builder, Action<OptionsBuilder<PostgresMembershipOptions>> configure)
    {
        var services = builder.Services;
        AddShared(services, configure);
        services.AddSingleton<IMembershipTable>(provider => provider.GetRequiredService<PostgresMembershipTable>());
        services.AddSingleton<SiloProber>();
        services.AddSingleton(new MembershipJournal(TimeProvider.System));
        builder.AddGrainService<SiloProbe>();
        services.AddSingleton<SiloMembership>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<SiloMembership>());
        services.AddSingleton<Goodbye>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<Goodbye>());
        services.AddOptions<SiloMessagingOptions>().PostConfigure<IOptions<PostgresMembershipOptions>>((messaging, options) =>
        {
            if (messaging.ClientGatewayShutdownNotificationTimeout == TimeSpan.Zero)
                messaging.ClientGatewayShutdownNotificationTimeout = options.Value.GoodbyeDelay;
        });
        var place = Place(services);
        return builder.AddRegionPlacement(place);
    }

    /// <summary>
    /// What grain classes with <see cref="PreferRegionAttribute"/> need. <see cref="UsePostgresMembership(ISiloBuilder, Action{PostgresMembershipOptions})"/>
    /// includes it; silos with another clustering provider, such as those of tests, can call it by themselves and then have no region.
    /// </summary>
    public static ISiloBuilder AddRegionPlacement(this ISiloBuilder builder) => builder.AddRegionPlacement([]);

    private static ISiloBuilder AddRegionPlacement(this ISiloBuilder builder, Dictionary<string, string> place)
    {
        builder.Services.AddSingleton<Leavers>();
        builder.Services.AddSingleton(provider => new DrainedSilos(provider.GetRequiredService<ILocalSiloDetails>(), TimeProvider.System));
        builder.Services.AddPlacementFilter<PreferRegionStrategy, PreferRegionDirector>(ServiceLifetime.Transient);
        return builder.UseSiloMetadata(place);
    }

    /// <summary>Lets a client of the cluster find the silos. Takes the place of any other clustering provider.</summary>
    public static IClientBuilder UsePostgresMembership(this IClientBuilder builder, Action<PostgresMembershipOptions> configure) =>
        builder.UsePostgresMembership(options => options.Configure(configure));

    /// <inheritdoc cref="UsePostgresMembership(IClientBuilder, Action{PostgresMembershipOptions})"/>
    public static IClientBuilder UsePostgresMembership(this IClientBuilder builder, Action<OptionsBuilder<PostgresMembershipOptions>> configure)
    {
        var services = builder.Services;
        AddShared(services, configure);
        var open = new OpenGateways();
        services.Configure<ClientConnectionOptions>(options => options.ConfigureConnection(connection => connection.Use(open.Count)));
        services.AddSingleton<PostgresGatewayListProvider>(provider => new PostgresGatewayListProvider(
            provider.GetRequiredService<MembershipDatabase>(),
            provider.GetRequiredService<PostgresMembershipTable>(),
            provider.GetRequiredService<SignalSender>(),
            open,
            provider.GetRequiredService<MembershipMetrics>(),
            provider.GetRequiredService<IOptions<PostgresMembershipOptions>>(),
            TimeProvider.System,
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<IGatewayListProvider>(provider => provider.GetRequiredService<PostgresGatewayListProvider>());
        services.AddSingleton<ILifecycleParticipant<IClusterClientLifecycle>>(provider => provider.GetRequiredService<PostgresGatewayListProvider>());
        services.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = AskAgain);
        return builder;
    }

    /// <summary>
    /// Silo metadata can be given as a dictionary only, and the options are not known yet: the dictionary is filled when the metadata is
    /// first asked for, by the step before the one that reads it.
    /// </summary>
    private static Dictionary<string, string> Place(IServiceCollection services)
    {
        var place = new Dictionary<string, string>();
        services.AddOptions<SiloMetadata>().Configure<IOptions<PostgresMembershipOptions>>((_, options) =>
        {
            if (options.Value.Region.Length > 0)
                place[SiloPlace.RegionKey] = options.Value.Region;
            if (options.Value.Zone.Length > 0)
                place[SiloPlace.ZoneKey] = options.Value.Zone;
        });
        return place;
    }

    private static void AddShared(IServiceCollection services, Action<OptionsBuilder<PostgresMembershipOptions>> configure)
    {
        configure(services.AddOptions<PostgresMembershipOptions>().ValidateOnStart());
        services.AddMetrics();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PostgresMembershipOptions>, MembershipOptionsValidator>());
        services.TryAddSingleton(provider => new MembershipDatabase(
            provider.GetRequiredService<IOptions<PostgresMembershipOptions>>().Value.ConnectionString,
            provider.GetRequiredService<IOptions<ClusterOptions>>().Value.ClusterId));
        services.TryAddSingleton<MembershipMetrics>();
        services.TryAddSingleton(provider => new SignalSender(
            provider.GetRequiredService<MembershipDatabase>(),
            TimeProvider.System,
            provider.GetRequiredService<MembershipMetrics>(),
            provider.GetRequiredService<ILogger<SignalSender>>()));
        services.TryAddSingleton(provider => new PostgresMembershipTable(
            provider.GetRequiredService<MembershipDatabase>(),
            provider.GetRequiredService<IOptions<PostgresMembershipOptions>>(),
            TimeProvider.System,
            provider.GetRequiredService<ILogger<PostgresMembershipTable>>()));
    }
}
