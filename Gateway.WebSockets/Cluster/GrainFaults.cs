namespace Firezone.Gateway.WebSockets.Cluster;

/// <summary>Tells a cluster in motion from a call that fails for good.</summary>
internal static class GrainFaults
{
    /// <summary>
    /// A silo that is stopping or gone, a connection to it that broke, or an answer that does not come: the same call may succeed a moment
    /// later on another silo.
    /// </summary>
    internal static bool IsTransient(Exception e) =>
        e is OrleansException or TimeoutException or TaskCanceledException or ObjectDisposedException or System.Net.Sockets.SocketException;

    /// <summary>Everything is worth another try: for calls that every session depends on.</summary>
    internal static bool Any(Exception e) => true;
}
