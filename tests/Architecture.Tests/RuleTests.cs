using System.Text.RegularExpressions;

namespace Firezone.Architecture.Tests;

/// <summary>The tables of rules in <c>docs/wire.md</c>: whole, and in step with the tests.</summary>
public sealed partial class RuleTests
{
    private static readonly string[] Folders = ["tests/EndToEnd/Decisions/", "tests/EndToEnd/Changes/"];

    private static readonly string Section =
        RepositoryFiles.Read("docs/wire.md").Split("\n## ").Single(section => section.StartsWith("Rules and their tests\n", StringComparison.Ordinal));

    [Fact]
    public void Every_rule_has_a_test_for_each_thing_that_it_says() =>
        Findings.None(
            from line in Section.Split('\n')
            where Row().IsMatch(line)
            let cells = line.Trim('|').Split('|')
            let proofs = cells.Length == 3 ? cells[2..] : [cells[3], cells[5]]
            where proofs.Any(cell => !TestName().IsMatch(cell))
            select line);

    [Fact]
    public void Rules_are_numbered_without_a_gap()
    {
        var numbers = Section.Split('\n').Select(line => Row().Match(line)).Where(row => row.Success).Select(row => row.Groups[1].Value).ToArray();
        var expected = numbers
            .GroupBy(number => number[..number.LastIndexOf('.')])
            .SelectMany(section => Enumerable.Range(1, section.Count()).Select(i => $"{section.Key}.{i}"));
        Assert.Equal(expected, numbers);
        Assert.Equal(["6.2", "6.3", "6.4", "6.5", "6.6", "6.7", "6.8", "6.9", "6.10"], numbers.Select(number => number[..number.LastIndexOf('.')]).Distinct());
    }

    [Fact]
    public void Every_test_of_a_rule_is_named_with_its_rule()
    {
        var named = TestName().Matches(Section).Select(name => name.Groups[1].Value).ToHashSet();
        Findings.None(
            from path in RepositoryFiles.All
            where Folders.Any(folder => path.StartsWith(folder, StringComparison.Ordinal))
            from Match method in TestMethod().Matches(RepositoryFiles.Read(path))
            let test = $"{Path.GetFileNameWithoutExtension(path)}.{method.Groups[1].Value}"
            where !named.Contains(test)
            select test);
    }

    [GeneratedRegex(@"^\| (\d+\.\d+\.\d+) \|")]
    private static partial Regex Row();

    [GeneratedRegex(@"`(\w+Tests\.\w+)`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"\[(?:Fact|Theory)\].*?\bTask (\w+)\(", RegexOptions.Singleline)]
    private static partial Regex TestMethod();
}
