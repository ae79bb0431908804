using System.Text;
using Firezone.Admin.Authentication;
using Firezone.Admin.Problems;
using Firezone.Admin.Routing;
using Microsoft.AspNetCore.Mvc;

namespace Firezone.Admin.Events;

/// <summary>The route of the event stream.</summary>
internal static class EventEndpoint
{
    private static readonly string[] Kinds = ["client", "gateway", "flow"];

    public static void Map(AccountRoutes routes) => routes.Read.MapGet("/events", Stream)
        .WithName("streamEvents")
        .WithSummary("Watch sessions and flows live, as server-sent events")
        .Produces<string>(StatusCodes.Status200OK, "text/event-stream");

    private static async Task Stream(
        [FromQuery(Name = "kind")] string[]? kind, Caller caller, EventFeed feed, HttpContext context, CancellationToken ct)
    {
        if (kind?.Except(Kinds).FirstOrDefault() is not null)
            throw ProblemException.Invalid("kind", "must be client, gateway or flow");
        var listener = feed.TryAdd(caller, kind ?? []) ?? throw new ProblemException(Problem.RateLimited(TimeSpan.FromSeconds(10)));
        try
        {
            var response = context.Response;
            response.ContentType = "text/event-stream; charset=utf-8";
            response.Headers["X-Accel-Buffering"] = "no";
            await response.StartAsync(ct);
            await foreach (var (name, json) in listener.Events.ReadAllAsync(ct))
                await WriteAsync(response, name, json, ct);
            await WriteAsync(response, "end", $$"""{"reason":"{{listener.EndReason}}"}""", ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The reader has gone.
        }
        finally
        {
            feed.Remove(listener);
        }
    }

    private static async Task WriteAsync(HttpResponse response, string name, string json, CancellationToken ct)
    {
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes($"event: {name}\ndata: {json}\n\n"), ct);
        await response.Body.FlushAsync(ct);
    }
}
