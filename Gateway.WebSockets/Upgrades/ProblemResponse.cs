using System.Globalization;
using Firezone.Wire.Errors;

namespace Firezone.Gateway.WebSockets.Upgrades;

/// <summary>Answers a refused connect.</summary>
internal static class ProblemResponse
{
    internal static async Task WriteAsync(HttpContext context, ConnectRefusal refusal)
    {
        var body = Problem.Render(refusal.Status, refusal.Code, refusal.Title, refusal.Detail);
        var response = context.Response;
        response.StatusCode = refusal.Status;
        response.ContentType = Problem.ContentType;
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        if (refusal.Status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "Bearer";

        // Peers wait exactly this long: drawn anew each time, so that they do not return all at once.
        if (refusal.RetryAfter > 0)
            response.Headers.RetryAfter = (1 + Random.Shared.Next(refusal.RetryAfter)).ToString(CultureInfo.InvariantCulture);

        await response.Body.WriteAsync(body, context.RequestAborted);
    }
}
