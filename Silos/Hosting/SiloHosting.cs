using System.ComponentModel.DataAnnotations;
using System.Net;
using Firezone.Gateway.WebSockets.Cluster.Tls;
using Firezone.Gateway.WebSockets.Health;
using Firezone.Gateway.WebSockets.Telemetry;
using Firezone.Grains.Hosting;
using Firezone.Storage.Postgres;
using Firezone.Storage.Postgres.Availability;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Firezone.Silos.Hosting;

/// <summary>Composition of a silo.</summary>
public static partial class SiloHosting
{
    /// <summary>One line per event, with the time; Orleans' own start-up chatter only from warnings up.</summary>
    public static void AddNodeLogging(this WebApplicationBuilder builder)
    {
        builder.Logging.AddSimpleConsole(o =>
        {
            o.SingleLine = true;
            o.UseUtcTimestamp = true;
            o.TimestampFormat = "yyyy-MM-ddTHH:mm:ssZ ";
        });
        builder.Logging.AddFilter("Orleans", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Orleans", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        builder.Logging.AddFilter("Npgsql", LogLevel.Warning);
        builder.Logging.AddFilter("Polly", LogLevel.Warning);
        // Orleans' own lines about a grain service, one for every change of the ring.
        builder.Logging.AddFilter("Firezone.Membership.Postgres.Probing", LogLevel.Warning);
        builder.Logging.AddFilter("Firezone.Grains.Status", LogLevel.Warning);
        // Its first check measures from the start of the machine and always warns.
        builder.Logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        // Configuration comes last and wins.
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
    }

    /// <summary>Reads and validates the section <see cref="SiloOptions.SectionName"/>.</summary>
    /// <exception cref="NodeStartException">A key has a value that cannot be used.</exception>
    public static SiloOptions ReadSiloOptions(this WebApplicationBuilder builder)
    {
        var options = new SiloOptions();
        try
        {
            builder.Configuration.GetSection(SiloOptions.SectionName).Bind(options);
        }
        catch (InvalidOperationException e)
        {
            throw new NodeStartException($"Configuration section {SiloOptions.SectionName}: {e.Message}", e);
        }

        var problems = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true))
            throw new NodeStartException(string.Join(" ", problems.Select(p => $"{SiloOptions.SectionName}:{p.MemberNames.First()}: {p.ErrorMessage}")));
        if (!IPAddress.TryParse(options.AdvertisedAddress, out _))
        {
            throw new NodeStartException(
                $"{SiloOptions.SectionName}:{nameof(options.AdvertisedAddress)}: '{options.AdvertisedAddress}' is not an IP address.");
        }

        return options;
    }

    /// <summary>Adds storage, grains and the silo, clustered through the database.</summary>
    /// <exception cref="TlsConfigurationException">Section <c>Tls</c> cannot work.</exception>
    public static void AddFirezoneSilo(this WebApplicationBuilder builder, SiloOptions options, string connectionString, string? replicas = null)
    {
        // The goodbye comes first, at the very signal. Services then stop one after the other in the reverse order of their registration:
        // the web server first, for as long as the front-end drains its sockets, then the silo, the storage last.
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(30));
        builder.Services.AddFirezoneStorage(connectionString, replicas);
        builder.Services.AddHostedService<ThreadReserve>();
        builder.Services.AddSingleton(services =>
        {
            var gate = services.GetRequiredService<ConnectGate>();
            return new ReadinessNote("database", () => SiloHealth.DatabaseState(gate));
        });
        builder.Host.UseOrleans(silo =>
        {
            var clusterId = builder.Configuration["Orleans:ClusterId"] ?? "firezone";
            silo.UseClusterTls(builder.Configuration, clusterId, Exposure(options));
            silo.Configure<ClusterOptions>(o =>
            {
                o.ClusterId = clusterId;
                o.ServiceId = builder.Configuration["Orleans:ServiceId"] ?? "firezone";
            });
            silo.ConfigureEndpoints(
                IPAddress.Parse(options.AdvertisedAddress), options.Port, options.GatewayPort, options.ListenOnAnyAddress);
            if (builder.Configuration.IsTraced())
                silo.AddActivityPropagation();
            silo.UsePostgresMembership(membership => membership
                .Bind(builder.Configuration.GetSection("Membership"))
                .Configure<IOptions<GrainsOptions>>((o, firezone) =>
                {
                    o.ConnectionString = connectionString;
                    o.Region = firezone.Value.Region;
                }));
            silo.AddFirezoneGrains();
        });
    }

    /// <summary>What lets other machines reach the silo; null: none can.</summary>
    private static string? Exposure(SiloOptions options) =>
        options.ListenOnAnyAddress ? $"{SiloOptions.SectionName}:{nameof(options.ListenOnAnyAddress)} is true"
        : IPAddress.IsLoopback(IPAddress.Parse(options.AdvertisedAddress)) ? null
        : $"{SiloOptions.SectionName}:{nameof(options.AdvertisedAddress)} is {options.AdvertisedAddress}";

    /// <summary>One line that says where the silo is, once it is active.</summary>
    public static void LogReady(this WebApplication app, SiloOptions options) =>
        Ready(app.Logger, options.AdvertisedAddress, options.Port, options.GatewayPort, options.FrontEnd);

    [LoggerMessage(EventId = 4001, Level = LogLevel.Information,
        Message = "Silo is ready at {Address}:{Port}, Orleans clients on {GatewayPort}, front-end co-hosted: {FrontEnd}")]
    private static partial void Ready(ILogger logger, string address, int port, int gatewayPort, bool frontEnd);
}
