using System.Net;
using Firezone.Operations.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Firezone.Operations.Tests.Access;

/// <summary>Sign-in with an OpenID provider, in a real browser.</summary>
public sealed class OidcTests(ChromiumFixture chromium, OidcFixture fixture) : IClassFixture<ChromiumFixture>, IClassFixture<OidcFixture>
{
    private readonly OperationsNode _node = fixture.Node;

    [Fact]
    public async Task People_sign_in_see_both_pages_and_sign_out()
    {
        var page = await PageAsync("ada@example.com");
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.Locator("#live")).ToHaveTextAsync("Live");
        Assert.Equal($"{fixture.Url}/", page.Url);

        var cookie = Assert.Single(await page.Context.CookiesAsync([fixture.Url]));
        Assert.True(cookie.HttpOnly);
        Assert.Equal(SameSiteAttribute.Lax, cookie.SameSite);
        Assert.True(cookie.Value.Length < 2_000, $"{cookie.Value.Length}");

        Assert.Empty(await Axe.CheckAsync(page));
        await page.GetByRole(AriaRole.Link, new() { Name = "Orleans dashboard" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Orleans Dashboard" })).ToBeVisibleAsync();

        await page.GotoAsync(fixture.Url);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Sign in" })).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("eve@example.com", true, null)]
    [InlineData("ada@example.com", false, null)]
    [InlineData("eve@example.com", true, "developers")]
    public async Task Others_are_not_let_in(string email, bool isVerified, string? group)
    {
        var page = await PageAsync(email, isVerified, group);
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByText("The sign-in has failed, or is not for you.")).ToBeVisibleAsync();
        Assert.Equal(401, (await page.GotoAsync(fixture.Url))!.Status);
    }

    [Fact]
    public async Task A_claim_lets_people_in_besides()
    {
        var page = await PageAsync("eve@example.com", group: "operators");
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.Locator("#live")).ToHaveTextAsync("Live");
    }

    [Fact]
    public async Task All_but_the_sign_in_is_401_and_never_a_redirect()
    {
        var routes = (await _node.Server.EndpointsAsync()).OfType<RouteEndpoint>();
        foreach (var path in routes.Select(e => $"/{e.RoutePattern.RawText!.TrimStart('/')}"))
        {
            using var response = await _node.SendAsync(path);
            Assert.True(response.StatusCode == (path == "/signin" ? HttpStatusCode.Redirect : HttpStatusCode.Unauthorized), $"{path} {response.StatusCode}");
        }

        using var forged = await _node.SendAsync("/signin-oidc?code=a&state=b");
        Assert.Equal(HttpStatusCode.Unauthorized, forged.StatusCode);
    }

    [Fact]
    public async Task Operator_tokens_are_good_as_well_and_forged_cookies_are_not()
    {
        using var response = await _node.SendAsync("/", _node.Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var forged = await _node.SendAsync("/", headers: ("Cookie", "firezone-operations=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
        Assert.Equal(HttpStatusCode.Unauthorized, forged.StatusCode);
    }

    [Fact]
    public async Task Another_silo_knows_who_has_signed_in()
    {
        var page = await PageAsync("ada@example.com");
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.Locator("#live")).ToHaveTextAsync("Live");
        var cookie = (await page.Context.CookiesAsync([fixture.Url])).Single();
        await using var second = await OperationsNode.StartAsync(
            _node.ConnectionString,
            ("Operations:Oidc:Authority", fixture.Provider.Url),
            ("Operations:Oidc:ClientId", OpenIdProvider.ClientId),
            ("Operations:Oidc:ClientSecret", OpenIdProvider.ClientSecret),
            ("Operations:Oidc:AllowedEmails:0", "ada@example.com"),
            ("FrontEnd:Name", "front-end-2"));
        using var response = await second.SendAsync("/", headers: ("Cookie", $"{cookie.Name}={cookie.Value}"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var html = await response.Content.ReadAsStringAsync();
        Assert.Contains("front-end-2", html, StringComparison.Ordinal);
        Assert.Contains("<dt>Silos active</dt><dd>2</dd>", html, StringComparison.Ordinal);
    }

    private async Task<IPage> PageAsync(string email, bool isVerified = true, string? group = null)
    {
        (fixture.Provider.Email, fixture.Provider.IsVerified, fixture.Provider.Group) = (email, isVerified, group);
        var page = await chromium.OpenAsync();
        Assert.Equal(401, (await page.GotoAsync(fixture.Url))!.Status);
        return page;
    }
}
