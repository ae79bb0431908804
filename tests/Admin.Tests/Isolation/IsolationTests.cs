using System.Net;
using System.Text.Json;
using Firezone.Admin.Tests.Support;

namespace Firezone.Admin.Tests.Isolation;

public sealed class IsolationTests(AdminFixture fixture) : IClassFixture<AdminFixture>
{
    private const int Requests = 600;

    private static readonly HttpStatusCode[] Success = [HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.NoContent];

    [Fact]
    public async Task No_route_reads_or_writes_anything_of_another_account()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var own = await AccountWorld.CreateAsync(fixture.Host);
        var other = await AccountWorld.CreateAsync(fixture.Host);
        var before = await other.FingerprintAsync(fixture.Postgres);
        var routes = (await ApiRoute.AllAsync(own.Caller)).Where(r => r.OperationId is not ("streamEvents" or "getStatus")).ToArray();
        Assert.True(routes.Length > 50);

        // Ids are text in answers: none of the other account's may appear in one, unless it was the caller who named it.
        var secrets = other.Ids.Values.Append(other.Caller.ActorId).Append(other.Caller.Token.Id).Select(id => id.ToString()).ToArray();
        for (var i = 0; i < Requests; i++)
        {
            // Each route at least once with nothing but foreign ids, then any mixture.
            var route = i < routes.Length ? routes[i] : routes[random.Next(routes.Length)];
            var parameters = route.Parameters;
            var foreign = parameters.Select(_ => i < routes.Length || random.Next(2) == 0).ToArray();
            if (!foreign.Contains(true) && parameters.Length > 0)
                foreign[random.Next(foreign.Length)] = true;
            var bodyIsForeign = random.Next(2) == 0;
            var path = route.Fill([.. parameters.Select((name, n) => foreign[n] ? other[name] : own[name])]) + Query(route, other, random);
            var body = route.Body(name => bodyIsForeign ? other[name] : own[name]);

            var reply = await own.Caller.SendAsync(route.Method, path, body, random.Next(4) == 0 && route.Method == HttpMethod.Post ? $"k{i}" : null);

            var what = $"seed {seed}, request {i}: {route.Method} {path} {JsonSerializer.Serialize(body)} -> {reply}";
            if (parameters.Length > 0 || (bodyIsForeign && NamesIds(route)))
                Assert.False(Success.Contains(reply.Status), what);
            if (reply.Body.ValueKind != JsonValueKind.Undefined)
                Assert.False(secrets.Any(s => reply.Body.GetRawText().Contains(s, StringComparison.Ordinal)), what);
            Assert.NotEqual(HttpStatusCode.InternalServerError, reply.Status);
        }

        Assert.Equal(before, await other.FingerprintAsync(fixture.Postgres));
    }

    [Fact]
    public async Task An_id_of_another_account_is_answered_like_one_that_does_not_exist()
    {
        var own = await AccountWorld.CreateAsync(fixture.Host);
        var other = await AccountWorld.CreateAsync(fixture.Host);
        foreach (var route in (await ApiRoute.AllAsync(own.Caller)).Where(r => r.Parameters.Length > 0 && !r.IsOperators))
        {
            var query = route.OperationId == "explainAccess" ? $"?resource_id={own["resource_id"]}" : "";
            var foreign = await own.Caller.SendAsync(
                route.Method, route.Fill([.. route.Parameters.Select(name => other[name])]) + query, route.Body(name => own[name]));
            var missing = await own.Caller.SendAsync(
                route.Method, route.Fill([.. route.Parameters.Select(_ => Guid.NewGuid())]) + query, route.Body(name => own[name]));
            Assert.Equal((route, HttpStatusCode.NotFound, "not_found"), (route, foreign.Status, foreign.Code));
            Assert.Equal((route, HttpStatusCode.NotFound, "not_found"), (route, missing.Status, missing.Code));
        }
    }

    [Fact]
    public async Task A_reference_to_another_account_is_answered_like_one_to_nothing()
    {
        var own = await AccountWorld.CreateAsync(fixture.Host);
        var other = await AccountWorld.CreateAsync(fixture.Host);
        foreach (var route in (await ApiRoute.AllAsync(own.Caller)).Where(r => !r.IsOperators && NamesIds(r)))
        {
            var path = route.Fill([.. route.Parameters.Select(name => own[name])]);
            var foreign = await own.Caller.SendAsync(route.Method, path, route.Body(name => other[name]));
            var missing = await own.Caller.SendAsync(route.Method, path, route.Body(_ => Guid.NewGuid()));
            Assert.Equal((route, HttpStatusCode.BadRequest), (route, foreign.Status));
            Assert.Equal((route, HttpStatusCode.BadRequest), (route, missing.Status));
            Assert.Equal(missing.Fields, foreign.Fields);
        }
    }

    private static bool NamesIds(ApiRoute route) => route.OperationId is "replaceGroupMembers" or "updateGroupMembers" or "createResource"
        or "updateResource" or "createPolicy" or "updatePolicy" or "createAdminToken";

    // Filters by foreign ids must find nothing.
    private static string Query(ApiRoute route, AccountWorld other, Random random)
    {
        if (route.OperationId == "explainAccess")
            return $"?resource_id={other["resource_id"]}";
        if (!route.OperationId.StartsWith("list", StringComparison.Ordinal) || random.Next(2) == 0)
            return "";
        var ids = other.Ids.ToArray();
        var (name, id) = ids[random.Next(ids.Length)];
        var filter = random.Next(2) == 0 ? "id" : name is "client_token_id" or "admin_token_id" ? "token_id" : name == "admin_actor_id" ? "actor_id" : name;
        return $"?{filter}={id}&limit=100";
    }
}
