using Firezone.Grains.Sessions;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime;

namespace Firezone.Grains.FrontEnds;

/// <summary>
/// Tells the front-ends with sessions on this silo that another silo is leaving or has left: of themselves they would hear of it with
/// their next renewal. Each surviving silo does so; one such message is enough.
/// </summary>
public sealed class SiloLeaveNotice(IClusterMembershipService membership, LocalSessions sessions) : BackgroundService
{
    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var present = new Dictionary<SiloAddress, SiloStatus>();
        try
        {
            await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stoppingToken))
            {
                var now = snapshot.Members.Values.Where(m => m.Status is not SiloStatus.Dead).ToDictionary(m => m.SiloAddress, m => m.Status);
                if (present.Any(silo => HasLeft(silo.Value, now.GetValueOrDefault(silo.Key, SiloStatus.Dead))))
                    Tell();
                present = now;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo stops.
        }
    }

    /// <summary>Leaving gracefully counts twice: when it begins and when it is over.</summary>
    private static bool HasLeft(SiloStatus before, SiloStatus now) =>
        (before is SiloStatus.Active && now is not SiloStatus.Active) || (before is not SiloStatus.Dead && now is SiloStatus.Dead);

    private void Tell()
    {
        foreach (var frontEnd in sessions.FrontEnds())
        {
            if (sessions.OfFrontEnd(frontEnd) is [var any, ..])
                _ = any.Session.FrontEnd.SiloLeft();
        }
    }
}
