using Firezone.Gateway.WebSockets.Cluster.Tls;
using Firezone.Gateway.WebSockets.Options;
using Firezone.Gateway.WebSockets.Telemetry;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Firezone.Gateway.WebSockets.Hosting;

/// <summary>Makes a stand-alone front-end a client of the cluster.</summary>
internal static class ClusterClientExtensions
{
    private const string ConnectionStringName = "Firezone";
    private const string ConnectionStringVariable = "FIREZONE_DATABASE";
    private const string DefaultName = "firezone";

    /// <summary>
    /// Finds silos through the membership table in PostgreSQL. Needs <c>ConnectionStrings:Firezone</c> or <c>FIREZONE_DATABASE</c>;
    /// <c>Orleans:ClusterId</c> and <c>Orleans:ServiceId</c> are <c>firezone</c> unless set.
    /// </summary>
    internal static WebApplicationBuilder AddFirezoneClusterClient(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var database = configuration.GetConnectionString(ConnectionStringName)
            ?? configuration[ConnectionStringVariable]
            ?? throw new InvalidOperationException(
                $"The database is not configured: set ConnectionStrings:{ConnectionStringName} or {ConnectionStringVariable}.");

        builder.Services.AddSingleton<IClientConnectionRetryFilter, EndlessConnectRetry>();
        builder.UseOrleansClient(client =>
        {
            var clusterId = configuration["Orleans:ClusterId"] ?? DefaultName;
            client.UseClusterTls(configuration, clusterId);
            client.Configure<ClusterOptions>(options =>
            {
                options.ClusterId = clusterId;
                options.ServiceId = configuration["Orleans:ServiceId"] ?? DefaultName;
            });
            if (configuration.IsTraced())
                client.AddActivityPropagation();
            client.UsePostgresMembership(membership => membership
                .Bind(configuration.GetSection("Membership"))
                .Configure<IOptions<FrontEndOptions>>((options, frontEnd) =>
                {
                    options.ConnectionString = database;
                    options.Region = frontEnd.Value.Region;
                }));
        });

        // Otherwise nobody would be told that the process is still starting: the client's start waits for the first silo.
        builder.Services.Configure<HostOptions>(host => host.ServicesStartConcurrently = true);
        return builder;
    }
}
