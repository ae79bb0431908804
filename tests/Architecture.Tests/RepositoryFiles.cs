using System.Xml.Linq;

namespace Firezone.Architecture.Tests;

/// <summary>The committed files of this repository, found from the test's own place upwards.</summary>
internal static class RepositoryFiles
{
    private static readonly HashSet<string> NotCommitted =
        ["bin", "obj", ".git", ".data", ".vs", ".idea", "node_modules", "TestResults", "out"];

    private const string LoadGenerator = "bench/Load/";

    /// <summary>The folder with <c>Firezone.Orleans.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Paths of all files relative to the root, with forward slashes.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Walk(Root).Order(StringComparer.Ordinal)];

    /// <summary>C# and SQL files of the product: neither tests nor benchmarks, but the load generator, which the command line has too.</summary>
    public static IEnumerable<string> ProductionSources =>
        All.Where(path => path.EndsWith(".cs", StringComparison.Ordinal) || path.EndsWith(".sql", StringComparison.Ordinal))
            .Where(path => !path.StartsWith("tests/", StringComparison.Ordinal))
            .Where(path => !path.StartsWith("bench/", StringComparison.Ordinal) || path.StartsWith(LoadGenerator, StringComparison.Ordinal));

    /// <summary>Every project file.</summary>
    public static IEnumerable<string> Projects => All.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal));

    /// <summary>The content of a file given by its path relative to the root.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>A file's lines.</summary>
    public static string[] Lines(string path) => File.ReadAllLines(Path.Combine(Root, path));

    /// <summary>A project file's XML.</summary>
    public static XElement ReadXml(string path) => XElement.Load(Path.Combine(Root, path));

    /// <summary>True for a file that holds text. A NUL byte marks the others.</summary>
    public static bool IsText(string path)
    {
        using var stream = File.OpenRead(Path.Combine(Root, path));
        Span<byte> start = stackalloc byte[4096];
        return !start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)].Contains((byte)0);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Firezone.Orleans.sln")))
                return folder.FullName;

        throw new InvalidOperationException($"No Firezone.Orleans.sln in {AppContext.BaseDirectory} or above it.");
    }

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
            yield return Path.GetRelativePath(Root, file).Replace('\\', '/');

        foreach (var child in Directory.EnumerateDirectories(folder))
            if (!NotCommitted.Contains(Path.GetFileName(child)))
                foreach (var file in Walk(child))
                    yield return file;
    }
}
