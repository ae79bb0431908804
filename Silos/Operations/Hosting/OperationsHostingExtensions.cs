using Firezone.Grains.Status;
using Firezone.Membership.Postgres.Telemetry;
using Firezone.Silos.Operations.Collecting;
using Firezone.Storage.Postgres.Secrets;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Firezone.Silos.Operations.Hosting;

/// <summary>Adds the pages for operators to a silo's process.</summary>
public static class OperationsHostingExtensions
{
    /// <summary>Without <c>Operations:Url</c> nothing is added. Call it after the silo has been added.</summary>
    /// <param name="builder">The process.</param>
    /// <param name="connectionString">Of the migrated database.</param>
    public static void AddFirezoneOperations(this WebApplicationBuilder builder, string connectionString)
    {
        var section = builder.Configuration.GetSection(OperationsOptions.SectionName);
        var options = section.Get<OperationsOptions>() ?? new OperationsOptions();
        if (options.Url.Length == 0)
            return;
        var services = builder.Services;
        services.AddOptions<OperationsOptions>().Bind(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<OperationsOptions>, OperationsOptionsValidator>();
        if (options.Dashboard)
            builder.Host.UseOrleans(silo => silo.AddDashboardOnDemand());
        services.AddSingleton(s => new OperationsServer(
            connectionString,
            new OperationsServices(
                s,
                s.GetRequiredService<IOptions<OperationsOptions>>().Value,
                s.GetRequiredService<IGrainFactory>(),
                s.GetRequiredService<IClusterMembershipService>(),
                s.GetRequiredService<ISiloMetadataCache>(),
                s.GetRequiredService<SiloReports>(),
                s.GetRequiredService<MembershipJournal>(),
                s.GetRequiredService<ClusterSecrets>(),
                s.GetRequiredService<TimeProvider>(),
                s.GetRequiredService<ILoggerFactory>())));
        services.AddHostedService(s => s.GetRequiredService<OperationsServer>());
    }
}
