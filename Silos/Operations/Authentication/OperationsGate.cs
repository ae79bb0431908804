using System.Globalization;
using Firezone.Silos.Operations.Hosting;

namespace Firezone.Silos.Operations.Authentication;

/// <summary>
/// Comes before everything else on the listener, routing included, so that nothing is served, or known to exist, without credentials. Only
/// the two addresses of an OpenID sign-in are let through. What it lets through can only be read.
/// </summary>
internal sealed class OperationsGate(OperationsOptions options, OperatorAccess access) : IMiddleware
{
    private const string OwnPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'";

    // The Orleans dashboard sets styles on its elements and has pictures in its style sheet.
    private const string DashboardPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    private readonly string _challenge = options.Oidc.IsOn
        ? "Bearer realm=\"Firezone operations\""
        : "Basic realm=\"Firezone operations\", charset=\"UTF-8\"";

    /// <inheritdoc />
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        Harden(context);
        if (options.Oidc.IsOn && OidcSignIn.IsPath(context.Request.Path))
        {
            await next(context);
            return;
        }

        switch (await access.JudgeAsync(context))
        {
            case AccessVerdict.Granted:
                await AnswerAsync(context, next);
                break;
            case AccessVerdict.Forbidden:
                await WriteAsync(context, StatusCodes.Status403Forbidden, "These pages are for operators.");
                break;
            case AccessVerdict.TooManyGuesses:
                context.Response.Headers.RetryAfter = GuessBound.Window.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
                await WriteAsync(context, StatusCodes.Status429TooManyRequests, "Too many wrong tokens. Try again in a minute.");
                break;
            case AccessVerdict.Unavailable:
                context.Response.Headers.RetryAfter = "5";
                await WriteAsync(
                    context, StatusCodes.Status503ServiceUnavailable, "The database does not say whether this token is good. Try again soon.");
                break;
            default:
                context.Response.Headers.WWWAuthenticate = _challenge;
                await WriteAsync(context, StatusCodes.Status401Unauthorized, options.Oidc.IsOn ? null : "An operator token is needed.");
                break;
        }
    }

    private static Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !OidcSignIn.IsSignOut(request))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            return WriteAsync(context, StatusCodes.Status405MethodNotAllowed, "These pages can only be read.");
        }

        // Browsers send credentials with what other sites make them ask for. Following a link is all that those may do.
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var isLink = HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Mode"] == "navigate" && request.Headers["Sec-Fetch-Dest"] == "document";
        return site is "" or "same-origin" or "none" || isLink
            ? next(context)
            : WriteAsync(context, StatusCodes.Status403Forbidden, "Not for other sites.");
    }

    private static void Harden(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments(DashboardBranch.Prefix) ? DashboardPolicy : OwnPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }

    /// <param name="context">The request.</param>
    /// <param name="status">Of the answer.</param>
    /// <param name="text">Null: the way to sign in.</param>
    private static Task WriteAsync(HttpContext context, int status, string? text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = text is null ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text ?? OidcSignIn.Invitation, context.RequestAborted);
    }
}
