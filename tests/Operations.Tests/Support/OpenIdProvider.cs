using System.Security.Claims;
using Firezone.Shared;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Firezone.Operations.Tests.Support;

/// <summary>An OpenID provider in this process that signs everybody in who comes, as whom the test says.</summary>
internal sealed class OpenIdProvider : IAsyncDisposable
{
    public const string ClientId = "operations";
    public const string ClientSecret = "s3cret";

    private readonly WebApplication _app;

    private OpenIdProvider(WebApplication app, string url) => (_app, Url) = (app, url);

    public string Url { get; }

    /// <summary>Of whoever comes next.</summary>
    public string Email { get; set; } = "ada@example.com";

    /// <summary>Whether the provider vouches for it.</summary>
    public bool IsVerified { get; set; } = true;

    /// <summary>The same, by group.</summary>
    public string? Group { get; set; }

    /// <param name="redirectUri">The only one that is taken.</param>
    public static async Task<OpenIdProvider> StartAsync(string redirectUri)
    {
        // Another host than the pages': cookies do not tell ports apart.
        var url = $"http://127.0.0.1:{ServerPort.Next()}";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddOpenIddict().AddServer(server =>
        {
            server.EnableDegradedMode();
            server.SetIssuer(new Uri(url)).SetAuthorizationEndpointUris("connect/authorize").SetTokenEndpointUris("connect/token");
            server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
            server.RegisterScopes(Scopes.OpenId, Scopes.Email, Scopes.Profile);
            server.AddEphemeralEncryptionKey().AddEphemeralSigningKey();
            server.UseAspNetCore().DisableTransportSecurityRequirement().EnableAuthorizationEndpointPassthrough();
            server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != ClientId)
                    context.Reject(Errors.InvalidClient);
                else if (context.RedirectUri != redirectUri)
                    context.Reject(Errors.InvalidRequest);
                return default;
            }));
            server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientSecret != ClientSecret)
                    context.Reject(Errors.InvalidClient);
                return default;
            }));
        });
        var app = builder.Build();
        var provider = new OpenIdProvider(app, url);
        app.MapMethods("/connect/authorize", ["GET", "POST"], provider.Authorize);
        app.Urls.Add(url);
        await app.StartAsync();
        return provider;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private IResult Authorize(HttpContext context)
    {
        var identity = new ClaimsIdentity("oidc", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, "1").SetClaim(Claims.Name, "Ada").SetClaim(Claims.Email, Email).SetClaim(Claims.EmailVerified, IsVerified);
        if (Group is not null)
            identity.AddClaim(new Claim("groups", Group));
        identity.SetScopes(context.GetOpenIddictServerRequest()!.GetScopes());
        identity.SetDestinations(_ => [Destinations.IdentityToken]);
        return Results.SignIn(new ClaimsPrincipal(identity), null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }
}
