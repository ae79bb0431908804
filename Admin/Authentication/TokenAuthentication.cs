using System.Security.Claims;
using System.Text.Encodings.Web;
using Dapper;
using Firezone.Admin.Problems;
using Firezone.Storage.Postgres;
using Firezone.Storage.Postgres.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Firezone.Admin.Authentication;

/// <summary>
/// Bearer tokens of the admin API. Judged by the database at every request, so that a revoked token is refused at once. Leaves the
/// <see cref="Caller"/> among the request's features.
/// </summary>
public sealed class TokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, Database database)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "AdminToken";

    private const string Prefix = "Bearer ";
    private const int LongestToken = 200;

    /// <summary>The presented token, if the request has one in the header that has the right form.</summary>
    internal static string? Presented(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.Length <= Prefix.Length + LongestToken
            && header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            ? header[Prefix.Length..]
            : null;

    /// <inheritdoc />
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Presented(Request) is not { } text)
            return AuthenticateResult.NoResult();
        if (!DeviceToken.TryParse(text, TokenKind.Admin, out var token))
            return AuthenticateResult.Fail("not a token");

        await using var connection = await database.Write.OpenConnectionAsync(Context.RequestAborted);
        var row = await connection.QuerySingleOrDefaultAsync<AdminTokenRow>(
            new CommandDefinition(AdminTokenRow.Sql, new { id = token.Id }, cancellationToken: Context.RequestAborted));
        if (row is null || !token.Matches(row.SecretSalt, row.SecretHash) || row.Expired || !row.ActorGood)
            return AuthenticateResult.Fail("not a valid token");
        if (row.Stale)
        {
            await connection.ExecuteAsync(new CommandDefinition(
                "update admin_tokens set last_used_at = clock_timestamp() where id = @id",
                new { id = token.Id },
                cancellationToken: Context.RequestAborted));
        }

        Context.Features.Set(new Caller(
            token.Id, row.Name, row.Role, row.AccountId, row.ActorId, row.AccountDisabled, Context.Connection.RemoteIpAddress?.ToString()));
        var identity = new ClaimsIdentity(SchemeName);
        if (!row.AccountDisabled)
            identity.AddClaim(new Claim(ClaimTypes.Role, row.Role));
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
