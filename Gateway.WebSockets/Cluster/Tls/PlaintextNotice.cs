namespace Firezone.Gateway.WebSockets.Cluster.Tls;

/// <summary>Says at every start that a silo is open to others, because somebody has allowed it.</summary>
internal sealed partial class PlaintextNotice(ILogger<PlaintextNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Open();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(1256, LogLevel.Warning,
        "Whoever reaches the ports of this silo can read and control the cluster: there are no certificates (Tls:AllowPlaintext)")]
    private partial void Open();
}
