using System.Text.RegularExpressions;

namespace Firezone.Architecture.Tests;

public sealed partial class LayoutTests
{
    [Fact]
    public void A_project_carries_the_name_of_its_folder() =>
        Findings.None(
            RepositoryFiles.Projects
                .Except(["bench/Bench.csproj"])
                .Where(path => ProjectGraph.NameOf(path) != Path.GetFileName(Path.GetDirectoryName(path))));

    [Fact]
    public void An_assembly_is_the_folder_name_with_the_prefix()
    {
        var shared = RepositoryFiles.ReadXml("Directory.Build.props");
        Assert.Equal("Firezone.$(MSBuildProjectName)", shared.Descendants("AssemblyName").Single().Value);
        Findings.None(
            RepositoryFiles.Projects
                .Except([TypedProgram])
                .Where(path => RepositoryFiles.ReadXml(path).Descendants("AssemblyName").Any()));
    }

    /// <summary>Its assembly has the name that operators type.</summary>
    private const string TypedProgram = "Cli/Cli.csproj";

    /// <summary>Methods that users of a package find where they look for the thing they extend.</summary>
    private static readonly string[] ExtendedNamespaces = ["Orleans.Hosting", "Microsoft.Extensions.DependencyInjection"];

    [Fact]
    public void A_namespace_is_the_folder_path() =>
        Findings.None(
            from path in RepositoryFiles.ProductionSources
            let declared = NamespaceDeclaration().Match(RepositoryFiles.Read(path))
            where declared.Success
            let expected = "Firezone." + Path.GetDirectoryName(path)!.Replace('/', '.').Replace('\\', '.').Replace("bench.", "Bench.")
            where declared.Groups[1].Value != expected
            where !(path.StartsWith("Membership.Postgres/", StringComparison.Ordinal)
                && path.EndsWith("Extensions.cs", StringComparison.Ordinal)
                && ExtendedNamespaces.Contains(declared.Groups[1].Value))
            select $"{path}: {declared.Groups[1].Value}, expected {expected}");

    [Fact]
    public void Only_the_programs_have_an_entry_point() =>
        Findings.None(
            RepositoryFiles.All
                .Where(path => Path.GetFileName(path) == "Program.cs" && !path.StartsWith("bench/", StringComparison.Ordinal))
                .Except(["Silos/Program.cs", "Gateway.WebSockets/Program.cs", "Cli/Program.cs", "tests/Membership.Node/Program.cs"]));

    [Fact]
    public void No_two_paths_differ_in_case_only() =>
        Findings.None(
            RepositoryFiles.All
                .SelectMany(path => Enumerable.Range(1, path.Split('/').Length).Select(parts => string.Join('/', path.Split('/').Take(parts))))
                .Distinct()
                .GroupBy(path => path, StringComparer.OrdinalIgnoreCase)
                .Where(same => same.Count() > 1)
                .Select(same => string.Join(", ", same)));

    [Fact]
    public void The_solution_is_in_the_classic_format() =>
        Assert.Contains("Microsoft Visual Studio Solution File, Format Version 12.00", RepositoryFiles.Read("Firezone.Orleans.sln"), StringComparison.Ordinal);

    [Fact]
    public void The_solution_contains_every_project_and_no_other()
    {
        var listed = SolutionEntry().Matches(RepositoryFiles.Read("Firezone.Orleans.sln")).Select(match => match.Groups[1].Value.Replace('\\', '/'));
        var present = RepositoryFiles.Projects.ToHashSet();
        present.SymmetricExceptWith(listed);
        Findings.None(present);
    }

    [Fact]
    public void Package_versions_stand_in_one_place() =>
        Findings.None(
            from path in RepositoryFiles.All
            where path != "Directory.Packages.props"
            where path.EndsWith(".csproj", StringComparison.Ordinal) || path.EndsWith(".props", StringComparison.Ordinal)
            from element in RepositoryFiles.ReadXml(path).Descendants()
            where element.Name == "PackageVersion"
                || (element.Name == "PackageReference" && (element.Attribute("Version") ?? element.Attribute("VersionOverride")) is not null)
            select $"{path}: {element}");

    [Fact]
    public void Every_package_version_is_used()
    {
        var used = RepositoryFiles.All
            .Where(path => path.EndsWith(".csproj", StringComparison.Ordinal) || path.EndsWith(".props", StringComparison.Ordinal))
            .SelectMany(path => RepositoryFiles.ReadXml(path).Descendants("PackageReference"))
            .Select(element => element.Attribute("Include")!.Value)
            .ToHashSet();
        var stated = RepositoryFiles.ReadXml("Directory.Packages.props").Descendants("PackageVersion").Select(e => e.Attribute("Include")!.Value);
        Findings.None(stated.Where(package => !used.Contains(package)));
    }

    [GeneratedRegex(@"^namespace\s+([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceDeclaration();

    [GeneratedRegex("\"([^\"]+\\.csproj)\"")]
    private static partial Regex SolutionEntry();
}
