using Firezone.Admin.Data;
using Firezone.Admin.Listing;
using Firezone.Admin.Routing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Firezone.Admin.Clients;

/// <summary>Routes of clients.</summary>
internal static class ClientEndpoints
{
    private const string ById = " where x.account_id = @account and x.id = @id";

    public static void Map(AccountRoutes routes)
    {
        routes.Read.MapGet("/clients", List).WithName("listClients").WithSummary("List clients");
        routes.Read.MapGet("/clients/{client_id:guid}", Get).WithName("getClient").WithSummary("Get a client");
        routes.Change.MapPatch("/clients/{client_id:guid}", Update).Returns<Client>("updateClient", "Rename a client");
        routes.Change.MapDelete("/clients/{client_id:guid}", Delete).Deletes("deleteClient", "Delete a client");
        routes.Change.MapPost("/clients/{client_id:guid}/verify", Verify).Returns<Client>("verifyClient", "Mark a client as verified");
        routes.Change.MapPost("/clients/{client_id:guid}/unverify", Unverify).Returns<Client>("unverifyClient", "Take a client's verification back");
    }

    private static async Task<Ok<Page<Client>>> List([AsParameters] ClientQuery query, AccountDb db, CancellationToken ct)
    {
        var list = new ListStatement(Client.Select, query)
            .Containing("name", "x.name", query.Name)
            .Equal("actor_id", "x.actor_id", query.ActorId)
            .Whether("x.verified_at is not null", query.Verified)
            .Whether(Client.IsOnline, query.Online);
        return TypedResults.Ok(await db.ListAsync<Client>(list, ct));
    }

    private static async Task<Ok<Client>> Get(Guid client_id, AccountDb db, CancellationToken ct) =>
        TypedResults.Ok(await db.GetAsync<Client>(Client.Select + ById, new { id = client_id }, ct));

    private static Task<IResult> Update(Guid client_id, UpdateClient body, Changes changes, CancellationToken ct) =>
        ChangeAsync(changes, client_id, "client.update", "name = @name", before => body.OrKeep(body.Name, before.Name), ct);

    private static Task<IResult> Verify(Guid client_id, Changes changes, CancellationToken ct) => ChangeAsync(
        changes, client_id, "client.verify", "verified_at = coalesce(x.verified_at, clock_timestamp())", before => before.Name, ct);

    private static Task<IResult> Unverify(Guid client_id, Changes changes, CancellationToken ct) =>
        ChangeAsync(changes, client_id, "client.unverify", "verified_at = null", before => before.Name, ct);

    private static Task<IResult> ChangeAsync(
        Changes changes, Guid id, string action, string assignments, Func<Client, string> name, CancellationToken ct) => changes.RunAsync(
        async change =>
        {
            var before = await change.GetAsync<Client>($"{Client.Select}{ById} for no key update of x", new { id });
            await change.ExecuteAsync($"update clients x set {assignments}{ById}", new { id, name = name(before) });
            var after = await change.GetAsync<Client>(Client.Select + ById, new { id });
            await change.LogAsync(action, id, before, after);
            return Outcome.Ok(after);
        },
        ct);

    private static Task<IResult> Delete(Guid client_id, Changes changes, CancellationToken ct) => changes.RunAsync(
        async change =>
        {
            var before = await change.GetAsync<Client>($"{Client.Select}{ById} for update of x", new { id = client_id });
            await change.ExecuteAsync($"delete from clients x{ById}", new { id = client_id });
            await change.LogAsync("client.delete", client_id, before, null);
            return Outcome.NoContent;
        },
        ct);
}
