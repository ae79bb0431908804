namespace Firezone.Deploy.Tests.Support;

/// <summary>The values files that the chart is checked with.</summary>
internal static class ValuesSets
{
    /// <summary>Relative to the chart.</summary>
    public static IEnumerable<string> Files { get; } =
    [
        .. Directory.GetFiles(Path.Combine(Repository.Chart, "ci")).Select(path => $"ci/{Path.GetFileName(path)}").Order(StringComparer.Ordinal),
        "values-gcp.yaml",
        "values-azure.yaml",
    ];

    public static TheoryData<string> All => [.. Files];
}
