using Microsoft.Playwright;

namespace Firezone.Operations.Tests.Support;

/// <summary>A real browser for all tests of a collection or class.</summary>
public sealed class ChromiumFixture : IAsyncLifetime
{
    private static readonly string Path = Environment.GetEnvironmentVariable("FIREZONE_CHROMIUM") is { Length: > 0 } given ? given : "/usr/bin/chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (!File.Exists(Path))
            throw new InvalidOperationException($"There is no Chromium at {Path}. Debian: apt-get install chromium; elsewhere set FIREZONE_CHROMIUM to its path.");
        // By themselves expectations last for five seconds, which a machine with other work may need for a page.
        Assertions.SetDefaultExpectTimeout(30_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Path,
            Headless = true,
            // As root it does not start otherwise.
            ChromiumSandbox = false,
            Args = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>A browser window of its own, signed in to the node if a token is given.</summary>
    public async Task<IPage> OpenAsync(string? token = null, bool script = true, int width = 1280, int height = 900, ColorScheme colors = ColorScheme.Light)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            HttpCredentials = token is null ? null : new() { Username = "operator", Password = token },
            JavaScriptEnabled = script,
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = colors,
        });
        context.SetDefaultTimeout(30_000);
        return await context.NewPageAsync();
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
