using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Firezone.Membership.Node.Running;

/// <summary>One life of a node: host, observers, commands.</summary>
internal static class NodeRun
{
    /// <returns>Exit code: 0 after an orderly stop.</returns>
    public static async Task<int> RunAsync(NodeOptions options)
    {
        AppDomain.CurrentDomain.UnhandledException += (_, e) => EventWriter.Write("fatal", new { error = e.ExceptionObject.ToString() });
        try
        {
            using var host = options.Role switch
            {
                "silo" => NodeHost.Silo(options),
                "client" => NodeHost.Client(options),
                _ => throw new ArgumentException($"--role {options.Role}: neither silo nor client."),
            };
            await RunAsync(host, options);
            return 0;
        }
        catch (Exception e)
        {
            EventWriter.Write("fatal", new { error = e.ToString() });
            return 1;
        }
    }

    private static async Task RunAsync(IHost host, NodeOptions options)
    {
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        lifetime.ApplicationStopping.Register(() => EventWriter.Write("stopping"));

        var silo = host.Services.GetService<ILocalSiloDetails>();
        EventWriter.Write("ready", new
        {
            pid = Environment.ProcessId,
            silo = silo?.SiloAddress.ToParsableString(),
            gateway = silo?.GatewayAddress?.Endpoint.ToString(),
        });
        using var observing = new CancellationTokenSource();
        if (silo is not null)
            _ = ViewObserver.RunAsync(host.Services.GetRequiredService<IClusterMembershipService>(), observing.Token);
        else
            GatewayObserver.Start(host.Services, observing.Token);

        // Beside the start, which takes as long as it takes: whoever started this process may end while it does.
        var load = new Load(host.Services.GetRequiredService<IGrainFactory>(), options);
        _ = Task.Run(() => new Commands(load, lifetime).RunAsync(Console.In));

        await host.StartAsync();
        EventWriter.Write("active");
        await host.WaitForShutdownAsync();
        await load.StopAsync();
        await observing.CancelAsync();
        EventWriter.Write("stopped");
    }
}
