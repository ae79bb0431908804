using Microsoft.Playwright;

namespace Firezone.Operations.Tests.Support;

/// <summary>The pictures of the documents: taken when <c>FIREZONE_SCREENSHOTS</c> names a folder for them.</summary>
internal static class Screenshots
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("FIREZONE_SCREENSHOTS");

    public static async Task TakeAsync(IPage page, string name)
    {
        if (!string.IsNullOrEmpty(Folder))
            await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}.png"), FullPage = name == "overview" });
    }
}
