using System.Net;
using Firezone.Operations.Tests.Support;

namespace Firezone.Operations.Tests.Access;

/// <summary>Who is let in.</summary>
public sealed class TokenTests(NodeFixture fixture) : IClassFixture<NodeFixture>
{
    private readonly OperationsNode _node = fixture.Node;

    [Fact]
    public async Task An_operator_is_let_in_by_bearer_token_or_as_a_password()
    {
        foreach (var asBasic in (bool[])[false, true])
        {
            foreach (var path in (string[])["/", "/overview.css", "/overview.js", "/icon.svg", "/dashboard/", "/dashboard/version", "/dashboard/ClusterStats"])
                Assert.Equal(HttpStatusCode.OK, await StatusAsync(path, _node.Token, asBasic));
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("/nothing", _node.Token, asBasic));
        }
    }

    [Fact]
    public async Task The_log_stream_and_the_state_of_grains_are_shown_to_nobody()
    {
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("/dashboard/Trace", _node.Token));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("/dashboard/GrainState?grainId=0&grainType=x", _node.Token));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("/dashboard/grainstate/", _node.Token));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("/Dashboard/%47rainState", _node.Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData(".aAAAA")]
    public async Task What_is_no_token_is_401(string token)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/", token));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/", token, asBasic: true));
    }

    [Fact]
    public async Task A_token_with_another_secret_is_401()
    {
        // The last character carries bits of the secret.
        var wrong = _node.Token[..^1] + (_node.Token[^1] == 'A' ? 'E' : 'A');
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/", wrong));
    }

    [Fact]
    public async Task Tokens_of_accounts_and_devices_are_not_enough()
    {
        var account = await _node.Provisioner.CreateAccountAsync($"t{Guid.NewGuid():N}"[..12], "Test");
        var actor = await _node.Provisioner.CreateActorAsync(account, "account_admin_user", "Ada", "ada@example.com");
        var admin = await _node.Provisioner.IssueAdminTokenAsync(actor, "admin", "admin");
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("/", admin.Text));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("/dashboard/ClusterStats", admin.Text));
        var client = await _node.Provisioner.IssueClientTokenAsync(actor, DateTimeOffset.UtcNow.AddDays(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/", client.Text));
    }

    [Fact]
    public async Task A_token_that_was_deleted_or_has_expired_is_401_at_the_next_request()
    {
        var token = await _node.Provisioner.IssueOperatorTokenAsync("second");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/", token.Text));
        await _node.ExecuteAsync("update admin_tokens set expires_at = now() - interval '1 second' where id = $1", token.Id);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/", token.Text));
        await _node.ExecuteAsync("update admin_tokens set expires_at = null where id = $1", token.Id);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/", token.Text));
        await _node.ExecuteAsync("delete from admin_tokens where id = $1", token.Id);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/", token.Text));
    }

    [Fact]
    public async Task The_pages_can_only_be_read_and_not_by_other_sites()
    {
        Assert.Equal(HttpStatusCode.MethodNotAllowed, await StatusAsync("/", _node.Token, method: HttpMethod.Post));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, await StatusAsync("/signout", _node.Token, method: HttpMethod.Post));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("/events", _node.Token, headers: [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors")]));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("/", _node.Token, headers: [("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Mode", "cors")]));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(
            "/", _node.Token, headers: [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")]));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/", _node.Token, headers: [("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Mode", "cors")]));
    }

    private async Task<HttpStatusCode> StatusAsync(
        string path, string token, bool asBasic = false, HttpMethod? method = null, params (string Name, string Value)[] headers)
    {
        using var response = await _node.SendAsync(path, token, method, asBasic, headers);
        return response.StatusCode;
    }
}
