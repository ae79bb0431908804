using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Firezone.Grains.Sessions;

/// <summary>
/// Has the gateways and relays on this silo announced again whenever a silo has left the cluster: their site's or directory's activation
/// may have been there.
/// </summary>
public sealed partial class PresenceKeeper(
    IClusterMembershipService membership,
    LocalSessions sessions,
    ILogger<PresenceKeeper> logger) : BackgroundService
{
    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var active = new HashSet<SiloAddress>();
        try
        {
            await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stoppingToken))
            {
                var now = snapshot.Members.Values.Where(m => m.Status is SiloStatus.Active).Select(m => m.SiloAddress).ToHashSet();
                if (!active.IsSubsetOf(now))
                    AnnounceAll();
                active = now;
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void AnnounceAll()
    {
        var announced = 0;
        foreach (var session in sessions.All())
        {
            if (session.Kind is SessionKind.Client)
                continue;
            _ = session.Grain.OnSiloGone();
            announced++;
        }

        LogAnnounced(announced);
    }

    [LoggerMessage(EventId = 3501, Level = LogLevel.Information, Message = "A silo has left; {Count} gateways and relays of this silo are announced again")]
    private partial void LogAnnounced(int count);
}
