using System.Text.Json;
using Firezone.Admin.Tests.Support;

namespace Firezone.Admin.Tests.Listing;

public sealed class ListTests(AdminFixture fixture) : IClassFixture<AdminFixture>
{
    [Fact]
    public async Task Pages_hold_everything_once_in_the_order_of_creation()
    {
        var ada = await fixture.Host.AccountAsync();
        // All at the same instant: the id decides.
        await fixture.Postgres.ExecuteAsync(
            "insert into sites (account_id, name, created_at) select $1, 'site ' || n, now() from generate_series(1, 130) n", ada.AccountId);
        var seen = new List<string>();
        var pages = 0;
        string? cursor = "";
        while (cursor is not null)
        {
            var page = await ada.GetAsync($"/v1/sites{(cursor.Length == 0 ? "" : $"?cursor={cursor}")}");
            seen.AddRange(Names(page));
            cursor = page.Body.GetProperty("next_cursor").GetString();
            pages++;
        }

        Assert.Equal(3, pages);
        Assert.Equal(130, seen.Distinct().Count());
        Assert.Equal(130, seen.Count);
    }

    [Fact]
    public async Task The_newest_session_comes_first_across_pages()
    {
        var ada = await fixture.Host.AccountAsync();
        await fixture.Postgres.ExecuteAsync(
            """
            insert into sessions (id, front_end_id, kind, account_id, device_id, token_id, region, remote_ip, version, opened_at)
            select gen_random_uuid(), gen_random_uuid(), 'client', $1, gen_random_uuid(), gen_random_uuid(), 'local', '::1', n::text,
                now() + n * interval '1 microsecond'
            from generate_series(1, 7) n
            """,
            ada.AccountId);
        var first = await ada.GetAsync("/v1/sessions?limit=4");
        var second = await ada.GetAsync($"/v1/sessions?limit=4&cursor={first.Body.GetProperty("next_cursor").GetString()}");
        Assert.Equal(["7", "6", "5", "4", "3", "2", "1"], Names(first, "version").Concat(Names(second, "version")));
        Assert.Equal(JsonValueKind.Null, second.Body.GetProperty("next_cursor").ValueKind);
    }

    [Fact]
    public async Task Filters_hold_together_and_their_values_are_text_not_patterns()
    {
        var ada = await fixture.Host.AccountAsync();
        foreach (var name in (string[])["50% off", "500 off", "Office_1", "Office-1"])
            await ada.CreateAsync("/v1/sites", new { name });
        Assert.Equal(["50% off"], Names(await ada.GetAsync("/v1/sites?name=50%25")));
        Assert.Equal(["Office_1"], Names(await ada.GetAsync("/v1/sites?name=office_")));
        Assert.Equal(4, Names(await ada.GetAsync("/v1/sites?name=OFF")).Length);
        Assert.Empty(Names(await ada.GetAsync("/v1/sites?name=' or true --")));
        var ids = (await ada.GetAsync("/v1/sites")).Body.GetProperty("data").EnumerateArray().Select(s => s.GetProperty("id").GetString()).ToArray();
        Assert.Equal(["500 off"], Names(await ada.GetAsync($"/v1/sites?id={ids[0]}&id={ids[1]}&name=500")));
    }

    [Fact]
    public async Task Every_filter_of_every_list_is_understood_by_the_database()
    {
        var world = await AccountWorld.CreateAsync(fixture.Host);
        var op = await fixture.Host.OperatorAsync();
        var document = await world.Caller.GetAsync("/v1/openapi.json");
        foreach (var route in (await ApiRoute.AllAsync(world.Caller)).Where(r => r.OperationId.StartsWith("list", StringComparison.Ordinal)))
        {
            var path = route.Fill([.. route.Parameters.Select(name => world[name])]);
            if (!document.Body.GetProperty("paths").GetProperty(route.Path).GetProperty("get").TryGetProperty("parameters", out var parameters))
                continue;
            foreach (var parameter in parameters.EnumerateArray().Where(p => p.GetProperty("in").GetString() == "query"))
            {
                var name = parameter.GetProperty("name").GetString()!;
                if (name == "cursor")
                    continue;
                var schema = parameter.GetProperty("schema").GetRawText();
                var value = schema.Contains("uuid", StringComparison.Ordinal) ? Guid.NewGuid().ToString()
                    : schema.Contains("date-time", StringComparison.Ordinal) ? "2026-01-01T00:00:00Z"
                    : schema.Contains("boolean", StringComparison.Ordinal) ? "true"
                    : schema.Contains("integer", StringComparison.Ordinal) ? "7"
                    : "text";
                var reply = await (route.IsOperators ? op : world.Caller).GetAsync($"{path}?{name}={value}");
                Assert.True(reply.Status == System.Net.HttpStatusCode.OK, $"{path}?{name}={value}: {reply}");
            }
        }
    }

    [Fact]
    public async Task Lists_show_what_is_there()
    {
        var world = await AccountWorld.CreateAsync(fixture.Host);
        foreach (var (path, name) in ((string, string)[])
            [
                ("/v1/actors?type=service_account", "actor_id"), ("/v1/groups?name=engineers", "group_id"), ("/v1/sites?name=frank", "site_id"),
                ($"/v1/sites/{world["site_id"]}/gateway-tokens", "gateway_token_id"), ("/v1/gateways?online=true", "gateway_id"),
                ("/v1/resources?type=cidr", "resource_id"), ("/v1/policies?disabled=false", "policy_id"),
                ("/v1/clients?online=true&verified=false", "client_id"), ($"/v1/actors/{world["actor_id"]}/client-tokens", "client_token_id"),
                ("/v1/policy-authorizations", "authorization_id"), ("/v1/sessions?kind=client", "session_id"),
                ("/v1/admin-tokens?name=second", "admin_token_id"), ($"/v1/actors/{world["actor_id"]}/groups", "group_id"),
            ])
        {
            var reply = await world.Caller.GetAsync(path);
            Assert.Equal((path, world[name]), (path, Assert.Single(reply.Body.GetProperty("data").EnumerateArray()).GetProperty("id").GetGuid()));
        }

        var members = await world.Caller.GetAsync($"/v1/groups/{world["group_id"]}/members");
        Assert.Equal(world["membership_id"], Assert.Single(members.Body.GetProperty("data").EnumerateArray()).GetProperty("membership_id").GetGuid());
    }

    private static string[] Names(AdminReply reply, string member = "name") =>
        [.. reply.Body.GetProperty("data").EnumerateArray().Select(e => e.GetProperty(member).GetString()!)];
}
