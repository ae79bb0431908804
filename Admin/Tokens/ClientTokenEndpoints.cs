using Firezone.Admin.Actors;
using Firezone.Admin.Data;
using Firezone.Admin.Listing;
using Firezone.Admin.Problems;
using Firezone.Admin.Routing;
using Firezone.Storage.Postgres.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Firezone.Admin.Tokens;

/// <summary>Routes of client tokens.</summary>
internal static class ClientTokenEndpoints
{
    private const string OfActor = "x.account_id = @account and x.actor_id = @actor";
    private const string FindActor = $"{Actor.Select} where x.account_id = @account and x.id = @actor";

    public static void Map(AccountRoutes routes)
    {
        routes.Read.MapGet("/actors/{actor_id:guid}/client-tokens", List).WithName("listClientTokens").WithSummary("List an actor's client tokens");
        routes.Change.MapPost("/actors/{actor_id:guid}/client-tokens", Create)
            .Creates<ClientToken>("createClientToken", "Create a client token of a service account; it is shown only now");
        routes.Change.MapDelete("/actors/{actor_id:guid}/client-tokens/{token_id:guid}", Delete)
            .Deletes("deleteClientToken", "Delete a client token; the clients that use it are disconnected");
    }

    private static async Task<Ok<Page<ClientToken>>> List(Guid actor_id, [AsParameters] PlainQuery query, AccountDb db, CancellationToken ct)
    {
        await db.GetAsync<Actor>(FindActor, new { actor = actor_id }, ct);
        return TypedResults.Ok(await db.ListAsync<ClientToken>(
            new ListStatement(ClientToken.Select, query, OfActor).Always("actor", actor_id), ct));
    }

    private static Task<IResult> Create(Guid actor_id, CreateClientToken body, Changes changes, TimeProvider time, CancellationToken ct)
    {
        var expires = Expiry.InFuture(body.ExpiresAt, time);
        return changes.RunAsync(
            async change =>
            {
                var actor = await change.GetAsync<Actor>($"{FindActor} for key share", new { actor = actor_id });
                if (actor.Type != "service_account")
                    throw ProblemException.Conflict("only service accounts get tokens from an administrator");
                if (actor.DisabledAt is not null)
                    throw ProblemException.Conflict("the actor is disabled");
                var issued = DeviceToken.Issue(TokenKind.Client);
                var token = await change.GetAsync<ClientToken>(
                    $"""
                    insert into client_tokens as x (id, account_id, actor_id, secret_salt, secret_hash, expires_at)
                    values (@Id, @account, @actor, @Salt, @Hash, @expires) returning {ClientToken.Columns}
                    """,
                    new { issued.Id, issued.Salt, issued.Hash, actor = actor_id, expires });
                await change.LogAsync("client_token.create", token.Id, null, token);
                return Outcome.Created($"/v1/actors/{actor_id}/client-tokens/{token.Id}", token with { Token = issued.Text });
            },
            ct);
    }

    private static Task<IResult> Delete(Guid actor_id, Guid token_id, Changes changes, CancellationToken ct) => changes.RunAsync(
        async change =>
        {
            var before = await change.GetAsync<ClientToken>(
                $"delete from client_tokens x where {OfActor} and x.id = @id returning {ClientToken.Columns}",
                new { actor = actor_id, id = token_id });
            await change.LogAsync("client_token.delete", token_id, before, null);
            return Outcome.NoContent;
        },
        ct);
}
