using Firezone.Admin.Authentication;
using Firezone.Silos.Operations.Hosting;
using Firezone.Storage.Postgres;
using Microsoft.AspNetCore.Authentication;
using Npgsql;

namespace Firezone.Silos.Operations.Authentication;

/// <summary>Decides whether a request comes from an operator: by the token that it carries, else by the cookie of a sign-in.</summary>
internal sealed partial class OperatorAccess(
    OperationsOptions options, Database database, KnownTokens known, GuessBound guesses, TimeProvider time, ILogger<OperatorAccess> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly TokenVerifier _tokens = new(database);

    internal async Task<AccessVerdict> JudgeAsync(HttpContext context)
    {
        if (Credentials.Presented(context.Request) is { } token)
            return await JudgeTokenAsync(token, context);
        if (!options.Oidc.IsOn)
            return AccessVerdict.Unauthenticated;
        var signedIn = await context.AuthenticateAsync(OidcSignIn.CookieScheme);
        return !signedIn.Succeeded ? AccessVerdict.Unauthenticated
            : OidcSignIn.Admits(signedIn.Principal, options.Oidc) ? AccessVerdict.Granted
            : AccessVerdict.Forbidden;
    }

    private async Task<AccessVerdict> JudgeTokenAsync(string token, HttpContext context)
    {
        var from = context.Connection.RemoteIpAddress;
        var isKnown = known.Knows(token);
        // Somebody who guesses must not keep out those who do not, even from the same address.
        if (!isKnown && !guesses.TryBegin(from))
            return AccessVerdict.TooManyGuesses;
        if (!TokenVerifier.HasForm(token))
            return AccessVerdict.Unauthenticated;

        Caller? caller;
        try
        {
            caller = await _tokens.VerifyAsync(token, from?.ToString(), context.RequestAborted).WaitAsync(Patience, time, context.RequestAborted);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            if (!isKnown)
                guesses.WasRight(from);
            return isKnown ? AccessVerdict.Granted : AccessVerdict.Unavailable;
        }

        if (caller is null)
        {
            known.Forget(token);
            Refused(from?.ToString());
            return AccessVerdict.Unauthenticated;
        }

        if (!isKnown)
            guesses.WasRight(from);
        if (caller.Role != Roles.Operator)
            return AccessVerdict.Forbidden;
        known.Remember(token);
        return AccessVerdict.Granted;
    }

    [LoggerMessage(EventId = 4102, Level = LogLevel.Warning, Message = "A token that is not good was presented to the pages for operators from {Address}")]
    private partial void Refused(string? address);
}
