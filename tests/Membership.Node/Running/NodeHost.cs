using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Orleans.Configuration;
using Orleans.Hosting;

namespace Firezone.Membership.Node.Running;

/// <summary>Builds the host of a silo or of an external client, with nothing in it but Orleans.</summary>
internal static class NodeHost
{
    public static IHost Silo(NodeOptions options)
    {
        var builder = Builder(options);
        var address = IPAddress.Parse(options.Address);
        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(o => o.ClusterId = o.ServiceId = options.Cluster);
            silo.ConfigureEndpoints(address, options.SiloPort, options.GatewayPort);
            silo.Configure<EndpointOptions>(o =>
            {
                o.SiloListeningEndpoint = new IPEndPoint(address, options.SiloPort);
                o.GatewayListeningEndpoint = new IPEndPoint(address, options.GatewayPort);
            });
            Clustering.Use(silo, options);
        });
        return builder.Build();
    }

    public static IHost Client(NodeOptions options)
    {
        var builder = Builder(options);
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(o => o.ClusterId = o.ServiceId = options.Cluster);
            client.UseConnectionRetryFilter(async (_, ct) =>
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, ct);
                return true;
            });
            Clustering.Use(client, options);
        });
        return builder.Build();
    }

    private static HostApplicationBuilder Builder(NodeOptions options)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.Configure<ConsoleLifetimeOptions>(o => o.SuppressStatusMessages = true);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(30));
        builder.Logging.SetMinimumLevel(Enum.Parse<LogLevel>(options.LogLevel, ignoreCase: true));
        builder.Logging.AddSimpleConsole(o =>
        {
            o.SingleLine = true;
            o.TimestampFormat = "HH:mm:ss.ffffff ";
            o.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        builder.Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);

        // Orleans resolves its areas' clocks through one catch-all key that leads to this one.
        if (options.ClockSkew != TimeSpan.Zero)
            builder.Services.AddSingleton<TimeProvider>(new SkewedTimeProvider(options.ClockSkew));
        return builder;
    }
}
