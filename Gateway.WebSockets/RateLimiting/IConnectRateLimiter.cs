namespace Firezone.Gateway.WebSockets.RateLimiting;

/// <summary>Limits how often a peer may try to connect. Asked before the token is looked at, so it must be cheap.</summary>
public interface IConnectRateLimiter
{
    /// <summary>True if the connect may go on. A denied attempt costs nothing. Thread-safe, does not block.</summary>
    bool TryAcquire(in ConnectRateKey key);
}
