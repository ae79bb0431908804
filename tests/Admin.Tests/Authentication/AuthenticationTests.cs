using System.Net;
using Firezone.Admin.Tests.Support;
using Firezone.Storage.Postgres.Tokens;

namespace Firezone.Admin.Tests.Authentication;

public sealed class AuthenticationTests(AdminFixture fixture) : IClassFixture<AdminFixture>
{
    [Fact]
    public async Task Every_route_demands_a_token()
    {
        var ada = await fixture.Host.AccountAsync();
        foreach (var route in (await ApiRoute.AllAsync(ada)).Append(new ApiRoute(HttpMethod.Get, "/v1/openapi.json", "document")))
        {
            using var request = new HttpRequestMessage(route.Method, route.Fill([Guid.NewGuid(), Guid.NewGuid()]));
            using var response = await fixture.Host.Anonymous().SendAsync(request);
            Assert.Equal((route, HttpStatusCode.Unauthorized), (route, response.StatusCode));
            Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        }
    }

    [Fact]
    public async Task What_is_no_valid_token_is_refused()
    {
        var ada = await fixture.Host.AccountAsync();
        var client = await fixture.Host.Provisioner.IssueClientTokenAsync(ada.ActorId, DateTimeOffset.UtcNow.AddDays(1));
        var forged = DeviceToken.Issue(TokenKind.Admin).Text;
        // The id of a good token with another secret: 16 of 48 bytes are the first 21 characters and a part of the next.
        var mixed = ada.Token.Text[..24] + forged[24..];
        foreach (var token in (string[])["x", client.Text, client.Text.Replace(".c", ".a", StringComparison.Ordinal), forged, mixed, ada.Token.Text + "A"])
        {
            var reply = await new AdminCaller(fixture.Host.WithToken(token), default, default, ada.Token).GetAsync("/v1/account");
            Assert.Equal((token, HttpStatusCode.Unauthorized, "unauthorized"), (token, reply.Status, reply.Code));
        }

        Assert.Equal(HttpStatusCode.OK, (await ada.GetAsync("/v1/account")).Status);
    }

    [Theory]
    [InlineData("delete from admin_tokens where id = $1")]
    [InlineData("update admin_tokens set expires_at = now() where id = $1")]
    [InlineData("update actors set disabled_at = now() where id = (select actor_id from admin_tokens where id = $1)")]
    [InlineData("update actors set type = 'account_user' where id = (select actor_id from admin_tokens where id = $1)")]
    [InlineData("delete from actors where id = (select actor_id from admin_tokens where id = $1)")]
    public async Task A_token_ends_at_once_with_what_it_rests_on(string sql)
    {
        var ada = await fixture.Host.AccountAsync();
        Assert.Equal(HttpStatusCode.OK, (await ada.GetAsync("/v1/account")).Status);
        await fixture.Postgres.ExecuteAsync(sql, ada.Token.Id);
        Assert.Equal(HttpStatusCode.Unauthorized, (await ada.GetAsync("/v1/account")).Status);
    }

    [Fact]
    public async Task In_a_disabled_account_nothing_is_allowed()
    {
        var ada = await fixture.Host.AccountAsync();
        var op = await fixture.Host.OperatorAsync();
        Assert.Equal(HttpStatusCode.OK, (await op.PostAsync($"/v1/accounts/{ada.AccountId}/disable")).Status);
        var reply = await ada.GetAsync("/v1/account");
        Assert.Equal((HttpStatusCode.Forbidden, "account_disabled"), (reply.Status, reply.Code));
        Assert.Equal(HttpStatusCode.OK, (await op.PostAsync($"/v1/accounts/{ada.AccountId}/enable")).Status);
        Assert.Equal(HttpStatusCode.OK, (await ada.GetAsync("/v1/account")).Status);
    }

    [Fact]
    public async Task A_role_may_do_what_the_guide_says_and_nothing_else()
    {
        var ada = await fixture.Host.AccountAsync();
        var reader = await fixture.Host.CallerAsync(ada.AccountId, ada.ActorId, "reader");
        var op = await fixture.Host.OperatorAsync();
        foreach (var route in (await ApiRoute.AllAsync(ada)).Where(r => r.OperationId is not ("streamEvents" or "getStatus")))
        {
            var path = route.Fill([Guid.NewGuid(), Guid.NewGuid()]);
            var isShared = route.Path is "/v1/audit-log" or "/v1/sessions/{session_id}/state" or "/v1/sessions/{session_id}/disconnect";
            await Check(ada, !route.IsOperators);
            await Check(reader, !route.IsOperators && !route.Changes && route.OperationId != "listAdminTokens");
            await Check(op, route.IsOperators || isShared);

            async Task Check(AdminCaller caller, bool allowed)
            {
                var reply = await caller.SendAsync(route.Method, path, route.Body(_ => Guid.NewGuid()));
                Assert.True(allowed == (reply.Status != HttpStatusCode.Forbidden), $"{route}: {reply}");
            }
        }
    }

    [Fact]
    public async Task The_use_of_a_token_is_noted()
    {
        var ada = await fixture.Host.AccountAsync();
        await ada.GetAsync("/v1/account");
        var tokens = await ada.GetAsync("/v1/admin-tokens");
        Assert.Equal(System.Text.Json.JsonValueKind.String, tokens.Body.GetProperty("data")[0].GetProperty("last_used_at").ValueKind);
    }
}
