namespace Firezone.Gateway.WebSockets.Hosting;

/// <summary>
/// Keeps an Orleans client trying until a silo is there: a front-end may be started before the first silo, or the database.
/// </summary>
internal sealed partial class EndlessConnectRetry(TimeProvider time, ILogger<EndlessConnectRetry> logger) : IClientConnectionRetryFilter
{
    private int _attempts;

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return false;
        if (_attempts++ == 0)
            NoSilo(exception.Message);

        var pause = TimeSpan.FromSeconds(Math.Min(0.25 * _attempts, 2) * (0.75 + Random.Shared.NextDouble() * 0.5));
        await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !cancellationToken.IsCancellationRequested;
    }

    [LoggerMessage(EventId = 1151, Level = LogLevel.Warning, Message = "No silo answers yet; trying on ({Reason})")]
    private partial void NoSilo(string reason);
}
