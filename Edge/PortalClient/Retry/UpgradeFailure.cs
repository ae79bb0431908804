namespace Firezone.Edge.PortalClient.Retry;

/// <summary>Why an upgrade failed.</summary>
/// <param name="Status">The HTTP status; null when there was no answer (name, TCP, TLS, time).</param>
/// <param name="RetryAfter">The wait the answer asked for; null when it asked for none or for something unreadable.</param>
/// <param name="Error">For people to read; holds no secret.</param>
public sealed record UpgradeFailure(int? Status, TimeSpan? RetryAfter, string Error)
{
    /// <summary>
    /// True for 401 alone. It says something about the token; every other answer may come from anything on the path (a balancer, a
    /// proxy, a hotel's login page), and paths recover.
    /// </summary>
    public bool IsFatal => Status == 401;
}
