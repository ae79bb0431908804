using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Firezone.Membership.Node.Running;

/// <summary>
/// Reports the Orleans gateways that the client would give new calls to. Orleans' list has no event and is internal; every change puts
/// another list in its place, so looking at the reference is enough.
/// </summary>
internal static class GatewayObserver
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(2);

    public static void Start(IServiceProvider services, CancellationToken cancellationToken)
    {
        var type = Type.GetType("Orleans.Messaging.GatewayManager, Orleans.Core", throwOnError: true)!;
        var list = type.GetField("cachedLiveGateways", BindingFlags.Instance | BindingFlags.NonPublic)
            ?? throw new MissingFieldException(type.FullName, "cachedLiveGateways");
        var manager = services.GetRequiredService(type);
        new Thread(() => Run(() => (List<SiloAddress>?)list.GetValue(manager), cancellationToken)) { IsBackground = true, Name = "gateways" }.Start();
    }

    private static void Run(Func<List<SiloAddress>?> read, CancellationToken cancellationToken)
    {
        List<SiloAddress>? seen = null;
        var said = "";
        while (!cancellationToken.WaitHandle.WaitOne(Period))
        {
            var now = EventWriter.Now();
            var current = read();
            if (ReferenceEquals(current, seen) || current is null)
                continue;
            seen = current;
            // By endpoint: the client's own list drops the generation.
            string[] live = [.. current.Select(gateway => gateway.Endpoint.ToString()).Order(StringComparer.Ordinal)];
            if (string.Join(' ', live) is var text && text != said)
                EventWriter.Write("gateways", now, new { live });
            said = text;
        }
    }
}
