using System.Security.Claims;
using Firezone.Silos.Operations.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Firezone.Silos.Operations.Authentication;

/// <summary>Sign-in of people with an OpenID provider.</summary>
internal static class OidcSignIn
{
    internal const string CookieScheme = "operations";

    private const string ProviderScheme = "oidc";
    private const string EmailClaim = "email";
    private const string VerifiedClaim = "email_verified";
    private const string NameClaim = "name";
    private const string SignInPath = "/signin";
    private const string SignOutPath = "/signout";
    private const string CallbackPath = "/signin-oidc";

    /// <summary>What somebody sees who has not signed in.</summary>
    internal const string Invitation =
        """<!doctype html><html lang="en"><title>Firezone operations</title><h1>Firezone operations</h1><p><a href="/signin">Sign in</a></p></html>""";

    /// <summary>Whether nobody can have signed in yet who asks for this.</summary>
    internal static bool IsPath(PathString path) => path == SignInPath || path == CallbackPath;

    /// <summary>Whether a form of ours asks to end the sign-in.</summary>
    internal static bool IsSignOut(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && request.Path == SignOutPath && request.Headers["Sec-Fetch-Site"] == "same-origin";

    /// <summary>Whether somebody with these claims is an operator.</summary>
    internal static bool Admits(ClaimsPrincipal? person, OidcOptions options)
    {
        if (person is null)
            return false;
        var email = person.FindFirst(EmailClaim)?.Value;
        return (email is not null
                && string.Equals(person.FindFirst(VerifiedClaim)?.Value, "true", StringComparison.OrdinalIgnoreCase)
                && options.AllowedEmails.Contains(email, StringComparer.OrdinalIgnoreCase))
            || (options.RequiredClaim is { } claim && person.HasClaim(claim, options.RequiredValue!));
    }

    internal static void Add(IServiceCollection services, OperationsOptions options, byte[] key)
    {
        var secure = options.Origin.Scheme == Uri.UriSchemeHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        services.AddAuthentication(CookieScheme)
            .AddCookie(CookieScheme, cookie =>
            {
                cookie.Cookie.Name = secure == CookieSecurePolicy.Always ? "__Host-firezone-operations" : "firezone-operations";
                cookie.Cookie.HttpOnly = true;
                cookie.Cookie.SecurePolicy = secure;
                // Not strict: the way back from the provider begins on another site.
                cookie.Cookie.SameSite = SameSiteMode.Lax;
                cookie.ExpireTimeSpan = options.Oidc.SessionTime;
                cookie.SlidingExpiration = false;
            })
            .AddOpenIdConnect(ProviderScheme, oidc => Configure(oidc, options, secure));
        services.Replace(ServiceDescriptor.Singleton<IDataProtectionProvider>(new CookieProtection(key)));
        // Would make keys of its own and keep them on a disk.
        foreach (var service in services.Where(s => s.ImplementationType?.Name == "DataProtectionHostedService").ToList())
            services.Remove(service);
    }

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(SignInPath, () => Results.Challenge(new AuthenticationProperties { RedirectUri = "/" }, [ProviderScheme]));
        routes.MapPost(SignOutPath, () => Results.SignOut(new AuthenticationProperties { RedirectUri = "/" }, [CookieScheme]));
    }

    private static void Configure(OpenIdConnectOptions oidc, OperationsOptions options, CookieSecurePolicy secure)
    {
        var settings = options.Oidc;
        oidc.Authority = settings.Authority;
        oidc.RequireHttpsMetadata = settings.Authority.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
        oidc.ClientId = settings.ClientId;
        oidc.ClientSecret = settings.ClientSecret;
        oidc.CallbackPath = CallbackPath;
        oidc.ResponseType = OpenIdConnectResponseType.Code;
        oidc.ResponseMode = OpenIdConnectResponseMode.Query;
        oidc.UsePkce = true;
        oidc.MapInboundClaims = false;
        oidc.SaveTokens = false;
        oidc.DisableTelemetry = true;
        oidc.Scope.Clear();
        foreach (var scope in (string[])["openid", "profile", "email"])
            oidc.Scope.Add(scope);
        foreach (var cookie in (CookieBuilder[])[oidc.NonceCookie, oidc.CorrelationCookie])
        {
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = secure;
        }

        oidc.Events.OnRedirectToIdentityProvider = context =>
        {
            context.ProtocolMessage.RedirectUri = new Uri(options.Origin, CallbackPath).AbsoluteUri;
            return Task.CompletedTask;
        };
        oidc.Events.OnTokenValidated = context =>
        {
            if (Admits(context.Principal, settings))
                context.Principal = Reduced(context.Principal!, settings);
            else
                context.Fail("not an operator");
            return Task.CompletedTask;
        };
        oidc.Events.OnRemoteFailure = context =>
        {
            context.HandleResponse();
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.ContentType = "text/plain; charset=utf-8";
            return context.Response.WriteAsync("The sign-in has failed, or is not for you.", context.HttpContext.RequestAborted);
        };
    }

    /// <summary>What the cookie keeps: by what the person is an operator, so that this is asked again with each request.</summary>
    private static ClaimsPrincipal Reduced(ClaimsPrincipal person, OidcOptions options)
    {
        string[] kept = [NameClaim, EmailClaim, VerifiedClaim];
        var claims = person.Claims
            .Where(c => kept.Contains(c.Type) || (c.Type == options.RequiredClaim && c.Value == options.RequiredValue))
            .Select(c => new Claim(c.Type, c.Value));
        return new ClaimsPrincipal(new ClaimsIdentity(claims, CookieScheme, NameClaim, null));
    }
}
