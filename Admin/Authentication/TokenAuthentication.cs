using System.Security.Claims;
using System.Text.Encodings.Web;
using Firezone.Admin.Problems;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Firezone.Admin.Authentication;

/// <summary>
/// Bearer tokens of the admin API. Judged by the database at every request, so that a revoked token is refused at once. Leaves the
/// <see cref="Caller"/> among the request's features.
/// </summary>
public sealed class TokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, TokenVerifier tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "AdminToken";

    private const string Prefix = "Bearer ";

    /// <summary>The presented token, if the request has one in the header that has the right form.</summary>
    internal static string? Presented(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.Length <= Prefix.Length + TokenVerifier.LongestToken
            && header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            ? header[Prefix.Length..]
            : null;

    /// <inheritdoc />
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Presented(Request) is not { } text)
            return AuthenticateResult.NoResult();
        if (await tokens.VerifyAsync(text, Context.Connection.RemoteIpAddress?.ToString(), Context.RequestAborted) is not { } caller)
            return AuthenticateResult.Fail("not a valid token");

        Context.Features.Set(caller);
        var identity = new ClaimsIdentity(SchemeName);
        if (!caller.AccountDisabled)
            identity.AddClaim(new Claim(ClaimTypes.Role, caller.Role));
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    /// <inheritdoc />
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return Problem.Unauthorized.WriteAsync(Context);
    }

    /// <inheritdoc />
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        (Context.Features.Get<Caller>()?.AccountDisabled == true ? Problem.AccountDisabled : Problem.Forbidden).WriteAsync(Context);
}
