namespace Firezone.Architecture.Tests;

public sealed class ReferenceTests
{
    /// <summary>Who may reference whom. References point one way, from the process inwards.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Grains.Abstractions"] = [],
        ["Wire"] = [],
        ["Storage.Postgres"] = [],
        ["Membership.Postgres"] = [],
        ["Edge"] = ["Wire"],
        ["Load"] = [],
        ["Cli"] = ["Load"],
        ["Grains"] = ["Grains.Abstractions", "Storage.Postgres", "Wire", "Membership.Postgres"],
        ["Gateway.WebSockets"] = ["Grains.Abstractions", "Wire", "Membership.Postgres"],
        ["Admin"] = ["Grains.Abstractions", "Storage.Postgres"],
        ["Silos"] = ["Grains", "Gateway.WebSockets", "Admin", "Membership.Postgres"],
    };

    private static readonly ProjectGraph Graph = ProjectGraph.Load();

    private static readonly HashSet<string> TestProjects =
        [.. RepositoryFiles.Projects.Where(path => path.StartsWith("tests/", StringComparison.Ordinal)).Select(ProjectGraph.NameOf)];

    /// <summary>All but the load generator, which the command line has too.</summary>
    private static readonly HashSet<string> BenchProjects =
        [.. RepositoryFiles.Projects.Where(path => path.StartsWith("bench/", StringComparison.Ordinal)).Select(ProjectGraph.NameOf).Except(["Load"])];

    private static IEnumerable<string> ProductProjects => Graph.Names.Where(name => !TestProjects.Contains(name) && !BenchProjects.Contains(name));

    [Fact]
    public void Every_project_of_the_product_has_its_place_among_the_reference_rules() =>
        Findings.None(ProductProjects.Except(Allowed.Keys));

    [Fact]
    public void A_project_references_only_what_it_may() =>
        Findings.None(
            from project in ProductProjects
            from reference in Graph.DirectReferences(project).Except(Allowed.GetValueOrDefault(project, []))
            select $"{project} -> {reference}");

    [Theory]
    [InlineData("Grains.Abstractions")]
    [InlineData("Wire")]
    public void A_contract_project_references_no_other_project(string project) => Findings.None(Graph.DirectReferences(project));

    [Theory]
    [InlineData("Grains")]
    [InlineData("Storage.Postgres")]
    public void The_front_end_knows_the_grains_by_their_interfaces_only(string behaviour) =>
        Assert.DoesNotContain(behaviour, Graph.Reachable("Gateway.WebSockets"));

    [Fact]
    public void The_grain_contracts_need_no_package_but_the_Orleans_SDK()
    {
        var packages = RepositoryFiles.ReadXml("Grains.Abstractions/Grains.Abstractions.csproj").Descendants("PackageReference");
        Assert.Equal(["Microsoft.Orleans.Sdk"], packages.Select(e => e.Attribute("Include")!.Value));
    }

    [Fact]
    public void The_wire_needs_no_package() =>
        Findings.None(RepositoryFiles.ReadXml("Wire/Wire.csproj").Descendants("PackageReference").Select(e => e.ToString()));

    [Fact]
    public void Membership_names_no_Firezone_type() =>
        Findings.None(
            from path in RepositoryFiles.ProductionSources
            where path.StartsWith("Membership.Postgres/", StringComparison.Ordinal)
            from line in RepositoryFiles.Lines(path)
            where line.Contains("Firezone.", StringComparison.Ordinal) && !line.Contains("Firezone.Membership.Postgres", StringComparison.Ordinal)
            select $"{path}: {line.Trim()}");

    [Fact]
    public void Nothing_but_benchmarks_references_a_test_project() =>
        Findings.None(
            from project in Graph.Names
            where !TestProjects.Contains(project) && !BenchProjects.Contains(project)
            from reference in Graph.DirectReferences(project)
            where TestProjects.Contains(reference)
            select $"{project} -> {reference}");

    [Fact]
    public void The_product_does_not_reference_a_benchmark() =>
        Findings.None(ProductProjects.Where(project => Graph.Reachable(project).Overlaps(BenchProjects)));

    [Fact]
    public void No_reference_leads_back_to_its_project() =>
        Findings.None(Graph.Names.Where(project => Graph.Reachable(project).Contains(project)));
}
