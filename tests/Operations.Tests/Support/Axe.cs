using System.Text.Json;
using Microsoft.Playwright;

namespace Firezone.Operations.Tests.Support;

/// <summary>The rules of accessibility that a program can check: those of WCAG 2.2, levels A and AA, and best practices.</summary>
internal static class Axe
{
    private const string Run = """
        async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.map(
            v => v.id + ': ' + v.help + ' at ' + v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | '))
        """;

    /// <summary>What is wrong with the page, one line per rule.</summary>
    public static async Task<string[]> CheckAsync(IPage page)
    {
        await page.EvaluateAsync(await File.ReadAllTextAsync(Script()));
        return JsonSerializer.Deserialize<string[]>((await page.EvaluateAsync<JsonElement>(Run)).GetRawText())!;
    }

    private static string Script()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var path = Path.Combine(directory.FullName, "tests", "Operations.Tests", "axe", "node_modules", "axe-core", "axe.min.js");
            if (File.Exists(path))
                return path;
        }

        throw new FileNotFoundException("axe-core is missing: run 'npm ci --ignore-scripts' in tests/Operations.Tests/axe, or ./test.");
    }
}
