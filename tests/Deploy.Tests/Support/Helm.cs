namespace Firezone.Deploy.Tests.Support;

/// <summary>The real programs, Helm 3 and Helm 4, as <c>helm/check --tools</c> provides them.</summary>
internal static class Helm
{
    private static readonly Lazy<Task<string[]>> Programs = new(FindAsync);

    /// <summary>Major versions.</summary>
    public static readonly int[] Versions = [3, 4];

    /// <summary>What <c>helm template</c> says of the chart.</summary>
    /// <param name="version">3 or 4.</param>
    /// <param name="values">A values file relative to the chart, or null for none.</param>
    /// <param name="set">Further values, as <c>--set</c> takes them.</param>
    public static Task<Command> TemplateAsync(int version, string? values, params string[] set) =>
        RunAsync(version, ["template", "release", Repository.Chart, "--namespace", "portal", .. Arguments(values, set)]);

    /// <summary>The rendered manifests, by Helm 4.</summary>
    public static async Task<Manifests> RenderAsync(string? values, params string[] set)
    {
        var command = await TemplateAsync(4, values, set);
        Assert.True(command.ExitCode == 0, command.Errors);
        return Manifests.Parse(command.Output);
    }

    /// <summary>Any command.</summary>
    public static async Task<Command> RunAsync(int version, params string[] arguments) =>
        await Command.RunAsync((await Programs.Value)[version - Versions[0]], arguments);

    private static IEnumerable<string> Arguments(string? values, string[] set)
    {
        if (values is not null)
            yield return $"--values={Path.Combine(Repository.Chart, values)}";
        foreach (var value in set)
        {
            yield return value.Contains(":=", StringComparison.Ordinal) ? "--set-json" : "--set";
            yield return value.Replace(":=", "=", StringComparison.Ordinal);
        }
    }

    private static async Task<string[]> FindAsync()
    {
        var tools = await Command.RunAsync(Path.Combine(Repository.Root, "helm", "check"), "--tools");
        Assert.True(tools.ExitCode == 0, tools.Errors);
        return tools.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
