using System.Text.RegularExpressions;

namespace Firezone.Architecture.Tests;

public sealed partial class SourceTests
{
    private const int LongestFile = 400;

    [Fact]
    public void No_source_file_is_longer_than_a_reader_can_hold() =>
        Findings.None(
            from path in RepositoryFiles.ProductionSources
            let lines = RepositoryFiles.Lines(path).Length
            where lines > LongestFile
            select $"{path}: {lines} lines, at most {LongestFile}");

    [Fact]
    public void The_product_takes_its_time_from_a_provider() => Findings.None(Hits(RepositoryFiles.ProductionSources, WallClock()));

    [Fact]
    public void The_product_does_not_block_a_thread_to_wait() =>
        Findings.None(Hits(RepositoryFiles.ProductionSources, BlockingWait()));

    [Fact]
    public void Nothing_sleeps() =>
        Findings.None(Hits(RepositoryFiles.All.Where(path => path.EndsWith(".cs", StringComparison.Ordinal)), Sleep()));

    [Fact]
    public void No_file_names_a_package_registry_or_a_path_of_one_machine() =>
        Findings.None(Hits(RepositoryFiles.All.Where(RepositoryFiles.IsText), RegistryOrMachine()));

    [Fact]
    public void Lock_files_hold_versions_and_hashes_only() =>
        Findings.None(Hits(RepositoryFiles.All.Where(path => Path.GetFileName(path) == "package-lock.json"), DownloadAddress()));

    private static IEnumerable<string> Hits(IEnumerable<string> paths, Regex pattern) =>
        from path in paths
        from line in RepositoryFiles.Lines(path).Select((text, index) => (Text: text, Number: index + 1))
        where pattern.IsMatch(line.Text)
        select $"{path}:{line.Number}: {line.Text.Trim()}";

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?Now\b|\bDateTime\.Today\b")]
    private static partial Regex WallClock();

    [GeneratedRegex(@"\.GetAwaiter\(\)\.GetResult\(\)")]
    private static partial Regex BlockingWait();

    [GeneratedRegex(@"\bThread\.Sleep\(")]
    private static partial Regex Sleep();

    // The dots are written as [.] so that this file does not hold what it looks for.
    [GeneratedRegex(@"\bnuget[.]org\b|\bnpmjs[.](org|com)\b|\byarnpkg[.]com\b|\bdebian[.]org\b|\bpypi[.]org\b|(?<![\w./~-])/(work|farm|home|root)/")]
    private static partial Regex RegistryOrMachine();

    [GeneratedRegex("\"resolved\"")]
    private static partial Regex DownloadAddress();
}
