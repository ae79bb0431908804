using Firezone.Grains.Accounts;
using Firezone.Grains.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Firezone.Grains.Hosting;

/// <summary>The silo's one clock for sessions: once a second it wakes those that are due, and has pushes looked for.</summary>
public sealed class SiloTicker(
    [FromKeyedServices(Clock.Sessions)] TimeProvider time,
    SessionSchedule schedule,
    PushMarks pushes,
    AccountSnapshots accounts) : IHostedService, IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private ITimer? _timer;
    private int _ticks;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = time.CreateTimer(_ => Tick(), null, Period, Period);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public void Dispose() => _timer?.Dispose();

    private void Tick()
    {
        schedule.WakeDue(time.GetUtcNow());
        pushes.Tell();
        if (Interlocked.Increment(ref _ticks) % 60 == 0)
            accounts.DropUnused();
    }
}
