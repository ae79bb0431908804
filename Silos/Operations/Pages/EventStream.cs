using System.Text;
using System.Text.Json;
using Firezone.Silos.Operations.Authentication;
using Firezone.Silos.Operations.Hosting;
using Firezone.Silos.Operations.Overview;

namespace Firezone.Silos.Operations.Pages;

/// <summary>Keeps pages up to date: sends the parts that have changed, as server-sent events, about once a second.</summary>
internal sealed class EventStream(
    OverviewFeed feed, OperatorAccess access, OperationsOptions options, TimeProvider time, IHostApplicationLifetime lifetime)
{
    /// <summary>Whoever watches is asked for credentials again after so many rounds.</summary>
    private const int RoundsPerCheck = 10;

    private int _watchers;

    internal async Task RunAsync(HttpContext context)
    {
        if (Interlocked.Increment(ref _watchers) > options.MaxWatchers)
        {
            Interlocked.Decrement(ref _watchers);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync("Too many watch already.", context.RequestAborted);
            return;
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await WatchAsync(context, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The reader has gone, or the process ends.
        }
        finally
        {
            Interlocked.Decrement(ref _watchers);
        }
    }

    private async Task WatchAsync(HttpContext context, CancellationToken ct)
    {
        var response = context.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers["X-Accel-Buffering"] = "no";
        await response.StartAsync(ct);
        var sent = new Dictionary<string, string>();
        using var timer = new PeriodicTimer(OverviewSource.Freshness, time);
        for (var round = 1; round % RoundsPerCheck != 0 || await access.JudgeAsync(context) == AccessVerdict.Granted; round++)
        {
            var text = new StringBuilder();
            foreach (var (id, html) in await feed.GetAsync(ct))
            {
                if (sent.GetValueOrDefault(id) == html)
                    continue;
                sent[id] = html;
                text.Append("data: ").Append(JsonSerializer.Serialize(new { id, html })).Append("\n\n");
            }

            await response.Body.WriteAsync(Encoding.UTF8.GetBytes(text.Length == 0 ? ": still here\n\n" : text.ToString()), ct);
            await response.Body.FlushAsync(ct);
            await timer.WaitForNextTickAsync(ct);
        }
    }
}
