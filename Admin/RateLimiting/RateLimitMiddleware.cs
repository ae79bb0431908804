using Firezone.Admin.Authentication;
using Firezone.Admin.Problems;

namespace Firezone.Admin.RateLimiting;

/// <summary>Charges each authenticated request to its account; comes between authentication and authorization.</summary>
internal static class RateLimitMiddleware
{
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<Caller>() is not { } caller)
            return next(context);
        var buckets = context.RequestServices.GetRequiredService<RequestBuckets>();
        return buckets.TryTake(caller.AccountId ?? caller.TokenId, out var wait)
            ? next(context)
            : Problem.RateLimited(wait).WriteAsync(context);
    }
}
