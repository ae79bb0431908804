using System.Text.RegularExpressions;
using Firezone.Operations.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Firezone.Operations.Tests.Pages;

/// <summary>The overview in a real browser.</summary>
[Collection(BrowserCollection.Name)]
public sealed class OverviewTests(ChromiumFixture chromium, NodeFixture fixture)
{
    private readonly OperationsNode _node = fixture.Node;

    [Fact]
    public async Task It_shows_who_is_connected_and_what_they_do()
    {
        await using var devices = await Devices.ConnectAsync(_node);
        Assert.True((await devices.FlowAsync()).Succeeded);
        var page = await chromium.OpenAsync(_node.Token);
        await page.GotoAsync(_node.Url);
        await Expect(page).ToHaveTitleAsync("Firezone operations");
        await Expect(page.Locator("#live")).ToHaveTextAsync("Live");

        await Expect(Tile(page, "Silos active")).ToHaveTextAsync("1");
        await Expect(Tile(page, "Clients")).ToHaveTextAsync("1");
        await Expect(Tile(page, "Gateways")).ToHaveTextAsync("1");
        await Expect(Tile(page, "Relays")).ToHaveTextAsync("1");
        await Expect(Tile(page, "Database")).ToHaveTextAsync("answers");
        await Expect(Cells(page, "#silos", "active")).ToContainTextAsync("front-end directory");
        await Expect(page.Locator("#silos .group th")).ToHaveTextAsync("gcp/us-east1");
        await Expect(Cells(page, "#front-ends", "front-end-1")).ToContainTextAsync("ready");
        await Expect(Cells(page, "#sessions", "gcp/us-east1")).ToHaveTextAsync(Row("gcp/us-east1", "1", "1", "1"));
        await Expect(Cells(page, "#versions", "1.5.7")).ToHaveTextAsync(Row("1.5.7", "1", "0", "0"));
        await Expect(Cells(page, "#sites", devices.Account)).ToHaveTextAsync(Row("Frankfurt <office>", devices.Account, "1", "1"));
        await Expect(Cells(page, "#flows", "granted")).ToContainTextAsync("granted1");
        await Expect(page.Locator("#timeline")).ToContainTextAsync("is active");
        await Screenshots.TakeAsync(page, "overview");
    }

    [Fact]
    public async Task What_changes_is_shown_without_a_reload()
    {
        var page = await chromium.OpenAsync(_node.Token);
        await page.GotoAsync(_node.Url);
        await Expect(page.Locator("#live")).ToHaveTextAsync("Live");
        await page.EvaluateAsync("window.neverReloaded = true");
        await using (var devices = await Devices.ConnectAsync(_node))
        {
            await Expect(Cells(page, "#sessions", "gcp/us-east1")).ToHaveTextAsync(Row("gcp/us-east1", "1", "1", "1"));
            await Expect(Tile(page, "Clients")).ToHaveTextAsync("1");
            await devices.DisconnectClientAsync();
            await Expect(Tile(page, "Clients")).ToHaveTextAsync("0");
            await Expect(Cells(page, "#sessions", "gcp/us-east1")).ToHaveTextAsync(Row("gcp/us-east1", "0", "1", "1"));
        }

        await Expect(page.Locator("#problems")).ToContainTextAsync("without a gateway online");
        Assert.True(await page.EvaluateAsync<bool>("window.neverReloaded"));
    }

    [Fact]
    public async Task Refused_connects_are_shown_by_reason()
    {
        using (var http = new HttpClient())
        using (await http.GetAsync($"http://127.0.0.1:{_node.Port}/client/websocket"))
        {
        }

        var page = await chromium.OpenAsync(_node.Token);
        await page.GotoAsync(_node.Url);
        await Expect(Cells(page, "#refusals", "missing_token")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task It_is_complete_without_script()
    {
        await using var devices = await Devices.ConnectAsync(_node);
        var page = await chromium.OpenAsync(_node.Token, script: false);
        await page.GotoAsync(_node.Url);
        await Expect(Tile(page, "Clients")).ToHaveTextAsync("1");
        await Expect(Cells(page, "#front-ends", "front-end-1")).ToContainTextAsync("ready");
        Assert.Equal("10", await page.Locator("meta[http-equiv=refresh]").GetAttributeAsync("content"));
        await page.GetByRole(AriaRole.Link, new() { Name = "Orleans dashboard" }).ClickAsync();
        Assert.EndsWith("/dashboard/", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_phone_shows_it_without_scrolling_sideways()
    {
        await using var devices = await Devices.ConnectAsync(_node);
        var page = await chromium.OpenAsync(_node.Token, width: 360, height: 740);
        await page.GotoAsync(_node.Url);
        await Expect(page.Locator("#live")).ToHaveTextAsync("Live");
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"));
        await Screenshots.TakeAsync(page, "overview-phone");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Silos" })).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(360, ColorScheme.Light)]
    public async Task It_breaks_no_rule_of_accessibility(int width, ColorScheme colors)
    {
        await using var devices = await Devices.ConnectAsync(_node);
        var page = await chromium.OpenAsync(_node.Token, width: width, colors: colors);
        await page.GotoAsync(_node.Url);
        await Expect(page.Locator("#live")).ToHaveTextAsync("Live");
        Assert.Empty(await Axe.CheckAsync(page));
    }

    [Fact]
    public async Task The_keyboard_reaches_everything()
    {
        var page = await chromium.OpenAsync(_node.Token);
        await page.GotoAsync(_node.Url);
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator(":focus")).ToHaveTextAsync("Skip to the figures");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("main")).ToBeFocusedAsync();
        var regions = await page.Locator(".scroll").CountAsync();
        for (var i = 0; i < regions; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            await Expect(page.Locator(".scroll").Nth(i)).ToBeFocusedAsync();
        }

        Assert.Equal(["banner", "main", "navigation"], await page.EvaluateAsync<string[]>(
            "['header','main','nav'].map(n => document.querySelector(n) && { header: 'banner', main: 'main', nav: 'navigation' }[n])"));
    }

    [Fact]
    public async Task It_is_light_and_brings_nothing_from_elsewhere()
    {
        await using var devices = await Devices.ConnectAsync(_node);
        var page = await chromium.OpenAsync(_node.Token);
        var (bytes, wrong) = (0L, new List<string>());
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                wrong.Add(message.Text);
        };
        var loads = new List<Task>();
        page.RequestFinished += (_, request) => loads.Add(Task.Run(async () =>
        {
            if (!request.Url.StartsWith(_node.Url, StringComparison.Ordinal))
                wrong.Add(request.Url);
            Interlocked.Add(ref bytes, (await request.SizesAsync()).ResponseBodySize);
        }));
        await page.GotoAsync(_node.Url);
        await Expect(page.Locator("#live")).ToHaveTextAsync("Live");
        await Task.WhenAll(loads);
        Assert.Empty(wrong);
        Assert.InRange(bytes, 1_000, 100_000);
    }

    [Fact]
    public async Task A_revoked_token_ends_what_is_watched()
    {
        var token = await _node.Provisioner.IssueOperatorTokenAsync("short");
        var page = await chromium.OpenAsync(token.Text);
        await page.GotoAsync(_node.Url);
        await Expect(page.Locator("#live")).ToHaveTextAsync("Live");
        await _node.ExecuteAsync("delete from admin_tokens where id = $1", token.Id);
        await Expect(page.Locator("#live")).ToHaveTextAsync("Not live: reload to sign in again", new() { Timeout = 60_000 });
    }

    [Fact]
    public async Task Without_credentials_the_browser_shows_nothing()
    {
        var nobody = await chromium.OpenAsync();
        var refusal = await Assert.ThrowsAsync<PlaywrightException>(() => nobody.GotoAsync($"{_node.Url}/overview.css"));
        Assert.Contains("ERR_INVALID_AUTH_CREDENTIALS", refusal.Message, StringComparison.Ordinal);
        var guesser = await chromium.OpenAsync("wrong");
        Assert.Equal(401, (await guesser.GotoAsync($"{_node.Url}/overview.css"))!.Status);
    }

    private static ILocator Tile(IPage page, string name) => page.Locator("#summary div").Filter(new() { Has = page.GetByText(name, new() { Exact = true }) }).Locator("dd");

    private static ILocator Cells(IPage page, string table, string text) => page.Locator($"{table} tbody tr").Filter(new() { HasText = text }).First;

    private static Regex Row(params string[] cells) => new(string.Join(@"\s*", cells.Select(Regex.Escape)));
}
