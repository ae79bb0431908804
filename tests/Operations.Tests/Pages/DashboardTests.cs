using Firezone.Operations.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Firezone.Operations.Tests.Pages;

/// <summary>The Orleans dashboard in a real browser, beside the node's other listeners.</summary>
[Collection(BrowserCollection.Name)]
public sealed class DashboardTests(ChromiumFixture chromium, NodeFixture fixture)
{
    private readonly OperationsNode _node = fixture.Node;

    [Fact]
    public async Task It_shows_the_grains_of_connected_devices()
    {
        await using var devices = await Devices.ConnectAsync(_node);
        var page = await chromium.OpenAsync(_node.Token);
        var wrong = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
                wrong.Add(message.Text);
        };
        await page.GotoAsync(_node.Url);
        await page.GetByRole(AriaRole.Link, new() { Name = "Orleans dashboard" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Orleans Dashboard" })).ToBeVisibleAsync();
        await page.GotoAsync($"{_node.Url}/dashboard/#/grains");
        await Expect(page.GetByText("ClientGrain").First).ToBeVisibleAsync();
        await Expect(page.GetByText("GatewayGrain").First).ToBeVisibleAsync();
        await Screenshots.TakeAsync(page, "dashboard");
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task It_can_be_left_out()
    {
        await using var node = await OperationsNode.StartAsync(("Operations:Dashboard", "false"));
        using var response = await node.SendAsync("/dashboard/", node.Token);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, response.StatusCode);
        using var overview = await node.SendAsync("/", node.Token);
        Assert.DoesNotContain("dashboard", await overview.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
    }
}
