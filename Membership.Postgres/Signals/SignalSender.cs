using Firezone.Membership.Postgres.Telemetry;
using Microsoft.Extensions.Logging;

namespace Firezone.Membership.Postgres.Signals;

/// <summary>
/// Sends signals on a connection of its own, apart from all other work. Calls may overlap: each has a connection to itself, of which one
/// is kept. A signal may arrive twice, and one that was given up may still arrive.
/// </summary>
internal sealed partial class SignalSender(MembershipDatabase db, TimeProvider time, MembershipMetrics metrics, ILogger<SignalSender> log)
    : IAsyncDisposable
{
    private static readonly TimeSpan LongestPatience = TimeSpan.FromSeconds(1);

    private SendConnection? _idle;
    private int _failing;
    private volatile bool _disposed;

    /// <summary>Whether the server took the signal within the limit. Database trouble is logged once until it is over, and never thrown.</summary>
    /// <exception cref="ArgumentException">The signal cannot be encoded.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public async Task<bool> TrySendAsync(Signal signal, TimeSpan timeout, CancellationToken ct)
    {
        var payload = SignalCodec.Encode(signal);
        ct.ThrowIfCancellationRequested();
        if (_disposed)
            return false;

        var giveUp = new CancellationTokenSource();
        // Npgsql can block the thread that starts a command: while its own keep-alive on the same connection waits for an answer.
        var sending = Task.Run(() => SendAsync(payload, timeout, giveUp.Token), CancellationToken.None);
        try
        {
            // The caller's limit holds even if Npgsql takes longer to give up.
            await sending.WaitAsync(timeout, time, ct);
            metrics.Sent(signal);
            if (Interlocked.Exchange(ref _failing, 0) == 1)
                LogSending(log);
            return true;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            metrics.SendFailed(signal);
            if (!_disposed && Interlocked.Exchange(ref _failing, 1) == 0)
                LogFailing(log, e);
            return false;
        }
        finally
        {
            Forget(giveUp.CancelAsync());
            Forget(sending);
        }
    }

    /// <summary>Closes the kept connection. Calls under way end by their own limits.</summary>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        if (Interlocked.Exchange(ref _idle, null) is { } idle)
            await idle.DisposeAsync();
    }

    // The kept connection may have died without a word. Rather than lose a goodbye to it, another one is tried well before the limit.
    private async Task SendAsync(string payload, TimeSpan timeout, CancellationToken ct)
    {
        if (Interlocked.Exchange(ref _idle, null) is not { } kept)
        {
            await SendAnewAsync(payload, ct);
            return;
        }

        var first = Task.Run(() => SendOnAsync(kept, payload, ct), CancellationToken.None);
        var patience = timeout / 3 < LongestPatience ? timeout / 3 : LongestPatience;
        await Task.WhenAny(first, Task.Delay(patience, time, ct));
        if (first.IsCompletedSuccessfully)
            return;

        var second = SendAnewAsync(payload, ct);
        var done = await Task.WhenAny(first.IsCompleted ? second : first, second);
        if (!done.IsCompletedSuccessfully && done == first)
            done = second;
        else if (!done.IsCompletedSuccessfully && !first.IsCompleted)
            done = first;
        Forget(done == first ? second : first);
        await done;
    }

    private async Task SendAnewAsync(string payload, CancellationToken ct) =>
        await SendOnAsync(await SendConnection.OpenAsync(db, ct), payload, ct);

    private async Task SendOnAsync(SendConnection connection, string payload, CancellationToken ct)
    {
        try
        {
            await connection.NotifyAsync(payload, ct);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        if (_disposed || Interlocked.CompareExchange(ref _idle, connection, null) is not null)
            await connection.DisposeAsync();
        else if (_disposed && Interlocked.Exchange(ref _idle, null) is { } late)
            await late.DisposeAsync();
    }

    // Its failure has been told already, or is of no interest any more.
    private static void Forget(Task task) =>
        _ = task.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    [LoggerMessage(7110, LogLevel.Warning, "Membership signals cannot be sent")]
    private static partial void LogFailing(ILogger logger, Exception exception);

    [LoggerMessage(7111, LogLevel.Information, "Membership signals are sent again")]
    private static partial void LogSending(ILogger logger);
}
