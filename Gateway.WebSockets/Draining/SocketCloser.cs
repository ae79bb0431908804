using System.Net.WebSockets;
using Firezone.Gateway.WebSockets.Options;
using Firezone.Gateway.WebSockets.Sessions;
using Microsoft.Extensions.Options;

namespace Firezone.Gateway.WebSockets.Draining;

/// <summary>Closes all sockets of the process with 1012, bit by bit, so that their peers do not reconnect all at once.</summary>
internal sealed class SocketCloser(SessionRegistry sessions, IOptions<FrontEndOptions> options, TimeProvider time)
{
    // Code 1012 of the IANA registry for WebSocket close codes.
    private const WebSocketCloseStatus ServiceRestart = (WebSocketCloseStatus)1012;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan AbortLimit = TimeSpan.FromSeconds(0.5);

    /// <summary>Closes them over a time, each at a random moment of it. Returns when that is over or none is left.</summary>
    internal async Task CloseAllAsync(TimeSpan over, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (!cancellationToken.IsCancellationRequested && time.GetElapsedTime(started) is var elapsed && elapsed < over)
        {
            // What is left is spread over the time that is left: a fair share per tick, whoever leaves or still arrives meanwhile.
            var share = Tick / (over - elapsed + Tick);
            foreach (var connection in sessions.Connections)
            {
                if (Random.Shared.NextDouble() < share)
                    connection.Close(ServiceRestart);
            }

            if (sessions.Count == 0)
                return;
            await DelayAsync(Tick, cancellationToken);
        }
    }

    /// <summary>Closes the last ones at once, and cuts off who does not answer, all of them when cancelled.</summary>
    /// <param name="cancellationToken">There is no time left.</param>
    /// <param name="giveUp">The sockets may stay after all.</param>
    internal async Task EndAllAsync(CancellationToken cancellationToken, CancellationToken giveUp = default)
    {
        var started = time.GetTimestamp();
        while (sessions.Count > 0 && !giveUp.IsCancellationRequested)
        {
            var elapsed = time.GetElapsedTime(started);
            var late = cancellationToken.IsCancellationRequested || elapsed >= options.Value.CloseTimeout;
            foreach (var connection in sessions.Connections)
            {
                connection.Close(ServiceRestart);
                if (late)
                    connection.Abort();
            }

            if (cancellationToken.IsCancellationRequested || elapsed >= options.Value.CloseTimeout + AbortLimit)
                return;
            await DelayAsync(Tick, cancellationToken);
        }
    }

    private async Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken) =>
        await Task.Delay(delay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
