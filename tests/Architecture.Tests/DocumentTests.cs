using System.Text.RegularExpressions;

namespace Firezone.Architecture.Tests;

/// <summary>Documents that name files and tests have to stay true when those move.</summary>
public sealed partial class DocumentTests
{
    private static IEnumerable<string> Documents => RepositoryFiles.All.Where(path => path.EndsWith(".md", StringComparison.Ordinal));

    [Fact]
    public void Every_link_between_documents_leads_to_a_file() =>
        Findings.None(
            from path in Documents
            from Match link in Link().Matches(RepositoryFiles.Read(path))
            let target = link.Groups[1].Value.Split('#')[0]
            where target.Length > 0 && !target.Contains(':', StringComparison.Ordinal)
            let full = Path.GetFullPath(Path.Combine(RepositoryFiles.Root, Path.GetDirectoryName(path)!, target))
            where !File.Exists(full) && !Directory.Exists(full)
            select $"{path}: {target}");

    [Fact]
    public void Every_source_file_that_a_document_names_exists()
    {
        var known = RepositoryFiles.All.ToHashSet();
        Findings.None(
            from path in Documents
            from Match name in SourceFile().Matches(RepositoryFiles.Read(path))
            where !known.Contains(name.Groups[1].Value)
            select $"{path}: {name.Groups[1].Value}");
    }

    [Fact]
    public void Every_test_that_a_document_names_exists()
    {
        var tests = RepositoryFiles.All
            .Where(path => path.StartsWith("tests/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal))
            .SelectMany(path => TestMethod().Matches(RepositoryFiles.Read(path)).Select(match => $"{Path.GetFileNameWithoutExtension(path)}.{match.Groups[1].Value}"))
            .ToHashSet();
        Findings.None(
            from path in Documents
            from Match name in TestName().Matches(RepositoryFiles.Read(path))
            where !tests.Contains(name.Groups[1].Value)
            select $"{path}: {name.Groups[1].Value}");
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`([A-Za-z][\w./-]*/[\w./-]+\.(?:cs|sql|mjs|csproj))`")]
    private static partial Regex SourceFile();

    [GeneratedRegex(@"`(\w+Tests\.\w+)`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"\b(?:void|Task)\s+(\w+)\s*\(")]
    private static partial Regex TestMethod();
}
