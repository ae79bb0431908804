using Firezone.Grains.Abstractions.FrontEnds;
using Firezone.Grains.Hosting;
using Firezone.Grains.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Firezone.Grains.FrontEnds;

/// <summary>Ends the sessions on this silo whose front-end has lost its lease.</summary>
public sealed partial class FrontEndWatch(
    IClusterClient cluster,
    LocalSessions sessions,
    GrainsOptions options,
    [FromKeyedServices(Clock.Sessions)] TimeProvider time,
    ILogger<FrontEndWatch> logger) : BackgroundService
{
    private bool _failing;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.FrontEndLease / 3, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await CheckAsync();
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task CheckAsync()
    {
        if (sessions.Count == 0)
            return;
        try
        {
            var view = await cluster.GetGrain<IFrontEndDirectoryGrain>(0).GetView();
            if (view.Settled)
                EndOrphans([.. view.Alive]);
            if (_failing)
                LogAnswers();
            _failing = false;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            if (!_failing)
                LogSilent(e);
            _failing = true;
        }
    }

    private void EndOrphans(HashSet<Guid> alive)
    {
        var now = time.GetUtcNow();
        foreach (var frontEnd in sessions.FrontEnds())
        {
            if (alive.Contains(frontEnd))
                continue;
            foreach (var session in sessions.OfFrontEnd(frontEnd))
            {
                // A session that is younger than a lease may belong to a front-end whose first renewal is still on its way.
                if (now - session.AttachedAt > options.FrontEndLease)
                    _ = session.Grain.OnFrontEndGone(session.SessionId);
            }
        }
    }

    [LoggerMessage(EventId = 3411, Level = LogLevel.Warning, Message = "The front-end directory does not answer; no session is ended meanwhile")]
    private partial void LogSilent(Exception exception);

    [LoggerMessage(EventId = 3412, Level = LogLevel.Information, Message = "The front-end directory answers again")]
    private partial void LogAnswers();
}
