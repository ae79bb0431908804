using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;

namespace Firezone.Gateway.WebSockets.Cluster.Tls;

/// <summary>Mutual TLS for the connections of Orleans.</summary>
public static class ClusterTlsExtensions
{
    /// <summary>
    /// Lets in, and connects to, only who has a certificate of the cluster, if section <see cref="TlsOptions.SectionName"/> has certificates.
    /// Call it before anything else that takes part in connections.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="configuration">With the section.</param>
    /// <param name="clusterId">Of the Orleans cluster.</param>
    /// <param name="exposure">What lets other machines reach the silo, as the begin of a sentence; null: none can.</param>
    /// <exception cref="TlsConfigurationException">It would not work, or others could reach the silo without a certificate.</exception>
    public static ISiloBuilder UseClusterTls(this ISiloBuilder silo, IConfiguration configuration, string clusterId, string? exposure)
    {
        var options = TlsSettings.Read(configuration, clusterId);
        silo.Services.AddTls(options, [PeerPolicy.ServerUsage, PeerPolicy.ClientUsage]);
        if (options.HasCertificate())
        {
            return silo.Configure<SiloConnectionOptions>(connections =>
            {
                connections.ConfigureSiloInboundConnection(connection => connection.Use(Of(connection).Accept));
                connections.ConfigureGatewayInboundConnection(connection => connection.Use(Of(connection).Accept));
                connections.ConfigureSiloOutboundConnection(connection => connection.Use(Of(connection).Dial));
            });
        }

        if (exposure is null)
            return silo;
        if (!options.AllowPlaintext)
        {
            throw new TlsConfigurationException(
                $"{exposure}, but there are no certificates: set Tls:Certificate, Tls:Key and Tls:Authority, "
                + "or Tls:AllowPlaintext=true to do without.");
        }

        silo.Services.AddHostedService<PlaintextNotice>();
        return silo;
    }

    /// <summary>The same for a client of the cluster.</summary>
    /// <exception cref="TlsConfigurationException">It would not work.</exception>
    public static IClientBuilder UseClusterTls(this IClientBuilder client, IConfiguration configuration, string clusterId)
    {
        var options = TlsSettings.Read(configuration, clusterId);
        client.Services.AddTls(options, [PeerPolicy.ClientUsage]);
        return !options.HasCertificate()
            ? client
            : client.Configure<ClientConnectionOptions>(connections =>
                connections.ConfigureConnection(connection => connection.Use(Of(connection).Dial)));
    }

    private static ClusterTls Of(IConnectionBuilder connection) => connection.ApplicationServices.GetRequiredService<ClusterTls>();

    private static void AddTls(this IServiceCollection services, TlsOptions options, IReadOnlyList<string> usages)
    {
        if (!options.HasCertificate())
            return;

        // Once before anything is started: what is wrong is said then, in one line.
        ClusterCertificate.Load(options, TlsFiles.Read(options), usages, TimeProvider.System.GetUtcNow());
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(provider => new ClusterCertificates(
            options, usages, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ClusterCertificates>>()));
        services.AddHostedService(provider =>
        {
            // When the certificate ends is worth knowing before the first connection, too.
            provider.GetRequiredService<TlsMetrics>();
            return provider.GetRequiredService<ClusterCertificates>();
        });
        services.AddSingleton<TlsMetrics>();
        services.AddSingleton<RefusalLog>();
        services.AddSingleton<ClusterTls>();
    }
}
