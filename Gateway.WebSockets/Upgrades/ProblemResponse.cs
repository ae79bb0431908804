using System.Globalization;
using Firezone.Wire.Errors;
using Microsoft.Net.Http.Headers;

namespace Firezone.Gateway.WebSockets.Upgrades;

/// <summary>Answers a refused connect.</summary>
internal static class ProblemResponse
{
    /// <param name="context">The connect.</param>
    /// <param name="refusal">Why.</param>
    /// <param name="retryAfter">Seconds after which the peer is to come back; 0: it is not told.</param>
    internal static async Task WriteAsync(HttpContext context, ConnectRefusal refusal, int retryAfter)
    {
        var body = Problem.Render(refusal.Status, refusal.Code, refusal.Title, refusal.Detail);
        var response = context.Response;
        response.StatusCode = refusal.Status;
        response.ContentType = Problem.ContentType;
        response.ContentLength = body.Length;
        // Peers come back on a new connection, and idle ones of a storm's devices would be what it costs most of.
        if (retryAfter > 0)
            response.Headers.Connection = "close";
        foreach (var (name, value) in Headers(refusal, retryAfter))
            response.Headers[name] = value;
        await response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>Those that depend on the refusal.</summary>
    internal static IEnumerable<(string Name, string Value)> Headers(ConnectRefusal refusal, int retryAfter)
    {
        yield return (HeaderNames.CacheControl, "no-store");
        if (refusal.Status == StatusCodes.Status401Unauthorized)
            yield return (HeaderNames.WWWAuthenticate, "Bearer");
        // Whichever version was asked for, this is the one (RFC 6455 section 4.4).
        if (ReferenceEquals(refusal, ConnectRefusal.NotUpgrade))
            yield return (HeaderNames.SecWebSocketVersion, "13");
        if (retryAfter > 0)
            yield return (HeaderNames.RetryAfter, retryAfter.ToString(CultureInfo.InvariantCulture));
    }
}
