using Firezone.Membership.Postgres.Signals;
using Firezone.Membership.Postgres.Table;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Hosting;

/// <summary>
/// The first thing that a process does when it is told to stop: it says so, so that nobody gives it new work while it finishes the old.
/// Runs once, however often the process is told.
/// </summary>
internal sealed partial class Goodbye(
    SignalSender sender,
    PostgresMembershipTable table,
    ILocalSiloDetails local,
    IClusterMembershipService membership,
    IHostApplicationLifetime lifetime,
    ILogger<Goodbye> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan SignalLimit = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Task? _said;

    // Before this, and by this, nothing of the host has been stopped yet: sockets are served, grains answer.
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(() => _ = SayAsync());
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => SayAsync();

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Once more, because those registered last are called first.
    public Task StartedAsync(CancellationToken cancellationToken) => StartingAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private Task SayAsync()
    {
        lock (_gate)
            return _said ??= Task.Run(SayOnceAsync);
    }

    private async Task SayOnceAsync()
    {
        var self = local.SiloAddress;
        table.Leaving = true;
        if (membership.CurrentSnapshot.GetSiloStatus(self) != SiloStatus.Active)
            return; // Stopped before it had joined: nobody gives it work.

        Leaving(self);
        try
        {
            // The row is left to Orleans, which changes it when the silo itself stops: from then on the clients of this silo can no longer
            // be found, be they told by Orleans to go elsewhere or be it the front-end in this process that still drains its sockets.
            if (!await sender.TrySendAsync(new Signal.Goodbye(SiloId.Of(self)), SignalLimit, CancellationToken.None))
                Unheard(self);
        }
        catch (Exception e)
        {
            // Orleans writes and gossips the departure itself, a little later.
            Failed(e, self);
        }
    }

    [LoggerMessage(EventId = 7401, Level = LogLevel.Information, Message = "Silo {Silo} says goodbye and stops")]
    private partial void Leaving(SiloAddress silo);

    [LoggerMessage(EventId = 7402, Level = LogLevel.Warning, Message = "The goodbye of silo {Silo} did not reach the database; the others hear of it from Orleans")]
    private partial void Unheard(SiloAddress silo);

    [LoggerMessage(EventId = 7403, Level = LogLevel.Warning, Message = "The goodbye of silo {Silo} failed")]
    private partial void Failed(Exception e, SiloAddress silo);
}
