using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Accounts;
using Firezone.Grains.Admission;
using Firezone.Grains.Authorization;
using Firezone.Grains.Changes;
using Firezone.Grains.FrontEnds;
using Firezone.Grains.Operations;
using Firezone.Grains.Relays;
using Firezone.Grains.Sessions;
using Firezone.Grains.Sites;
using Firezone.Grains.Status;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime.GrainDirectory;
using Orleans.Serialization;
using Orleans.Storage;

namespace Firezone.Grains.Hosting;

/// <summary>Adds the grains and their per-silo services.</summary>
public static class GrainsHostingExtensions
{
    // Grains whose silo a silo remembers. More than one holds; the others' are asked for again.
    private const int CachedPlaces = 250_000;

    /// <summary>Needs the storage services (<c>AddFirezoneStorage</c>) in the same container.</summary>
    public static ISiloBuilder AddFirezoneGrains(this ISiloBuilder silo)
    {
        // Its default serializer is of JSON, and takes megabytes for one small grain.
        silo.AddMemoryGrainStorage("PubSubStore", storage => storage.Configure<Serializer>((o, serializer) =>
            o.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer)));
        silo.AddMemoryStreams(RelayStream.Provider, streams =>
        {
            // One stream with rare hints: the default of eight queues would only be eight pollers.
            streams.ConfigurePartitioning(1);
            streams.ConfigurePullingAgent(agent => agent.Configure(o => o.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(250)));
        });

        // The default directory, when a silo dies, also deactivates grains on the other silos whose registration it held: living sessions
        // would lose their grains. This one recovers registrations from the silos that live.
#pragma warning disable ORLEANSEXP003 // Evaluation only.
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003

        var services = silo.Services;
        services.AddOptions<GrainsOptions>().BindConfiguration(GrainsOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(s => s.GetRequiredService<IOptions<GrainsOptions>>().Value);
        services.TryAddKeyedSingleton(Clock.Sessions, TimeProvider.System);
        // What Orleans would make for itself, but to be found by others. Its table is as large as it may get and in use all over from the
        // first grains on: nine megabytes with the default of a million. The other cache is of the default directory, which nobody asks.
        services.AddSingleton(s => GrainDirectoryCacheFactory.CreateGrainDirectoryCache(s, new GrainDirectoryOptions { CacheSize = CachedPlaces }));
        services.Configure<GrainDirectoryOptions>(o => o.CacheSize = 1_000);
        // For a front-end in this process.
        services.AddSingleton<ISessionPlacement, SessionPlacement>();
        services.AddSingleton<IAdmissionGrain, AdmissionGrain>();
        services.AddSingleton<LocalSessions>();
        services.AddSingleton<SessionCalls>();
        services.AddSingleton<ISessionCalls>(static s => s.GetRequiredService<SessionCalls>());
        services.AddSingleton<SessionSchedule>();
        services.AddSingleton<PushMarks>();
        services.AddSingleton<SiteViews>();
        services.AddSingleton<Withdrawals>();
        services.AddSingleton<SessionServices>();
        services.AddSingleton<FlowSigning>();
        services.AddSingleton<GrainsMetrics>();
        services.AddSingleton<DoubtfulSessions>();
        services.AddSingleton<ChangeDispatcher>();
        services.AddSingleton<AccountSnapshots>();
        services.AddSingleton<SiloRoles>();
        services.AddSingleton<SiloReports>();
        services.AddSingleton<Successors>();
        services.AddSingleton<SiloDrain>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, SiloHandover>();
        silo.AddGrainService<SiloReporter>();
        services.AddPlacementDirector<OnSiloPlacement, OnSiloDirector>();
        services.AddHosted<ChangeWatch>();
        services.AddHosted<RelayView>();
        services.AddHosted<SiloTicker>();
        services.AddHosted<FrontEndWatch>();
        services.AddHosted<PresenceKeeper>();
        services.AddHosted<SiloLeaveNotice>();
        // Before the silo becomes active, because from then on any call may come.
        silo.AddStartupTask(
            (provider, stopping) => provider.GetRequiredService<FlowSigning>().LoadAsync(stopping),
            ServiceLifecycleStage.ApplicationServices);
        return silo;
    }

    private static void AddHosted<T>(this IServiceCollection services)
        where T : class, Microsoft.Extensions.Hosting.IHostedService
    {
        services.AddSingleton<T>();
        services.AddHostedService(s => s.GetRequiredService<T>());
    }
}
