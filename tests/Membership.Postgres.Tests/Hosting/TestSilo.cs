using System.Net;
using System.Net.Sockets;
using Firezone.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Tests.Hosting;

/// <summary>A silo of the test's own cluster, in this process and on real sockets.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    private readonly IHost _host;

    private TestSilo(IHost host)
    {
        _host = host;
        Address = host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
    }

    internal IServiceProvider Services => _host.Services;

    internal SiloAddress Address { get; }

    internal IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    internal IClusterMembershipService Membership => Services.GetRequiredService<IClusterMembershipService>();

    internal static Task<TestSilo> StartAsync(string connectionString, string region = "", string zone = "", Action<PostgresMembershipOptions>? configure = null) =>
        StartAsync(silo => silo.UsePostgresMembership(options =>
        {
            (options.ConnectionString, options.Region, options.Zone) = (connectionString, region, zone);
            configure?.Invoke(options);
        }));

    internal static async Task<TestSilo> StartAsync(Action<ISiloBuilder> cluster, IReadOnlyDictionary<string, string?>? configuration = null)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(configuration ?? new Dictionary<string, string?>());
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            if (configuration is null)
                silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("test", "test"));
            silo.ConfigureEndpoints(IPAddress.Loopback, ServerPort.Next(), ServerPort.Next());
            cluster(silo);
        });
        var host = builder.Build();
        try
        {
            await host.StartAsync();
        }
        catch
        {
            host.Dispose();
            throw;
        }

        return new TestSilo(host);
    }

    /// <summary>Waits until this silo's view meets the condition.</summary>
    internal async Task SeesAsync(Func<ClusterMembershipSnapshot, bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await foreach (var view in Membership.MembershipUpdates.WithCancellation(limit.Token))
        {
            if (condition(view))
                return;
        }
    }

    internal Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
