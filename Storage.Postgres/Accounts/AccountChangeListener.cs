using Microsoft.Extensions.Hosting;

namespace Firezone.Storage.Postgres.Accounts;

/// <summary>stub</summary>
public sealed class AccountChangeListener : BackgroundService
{
    /// <summary>stub</summary>
    public event Action? Reconnected;

    /// <summary>stub</summary>
    public IDisposable Subscribe(Action<Guid, long> changed) => throw new NotImplementedException();

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Reconnected?.Invoke();
        throw new NotImplementedException();
    }
}
