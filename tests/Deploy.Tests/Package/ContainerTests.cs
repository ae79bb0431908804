using System.Text.RegularExpressions;
using System.Xml.Linq;
using Firezone.Deploy.Tests.Support;

namespace Firezone.Deploy.Tests.Package;

/// <summary>What has to hold for the images, without making them.</summary>
public sealed partial class ContainerTests
{
    private static readonly string[] Dockerfile = [.. Repository.Read("deploy/container/Dockerfile").Split('\n').Where(l => !l.StartsWith('#'))];

    [Theory]
    [InlineData("silo", "Silos", "Firezone.Silos")]
    [InlineData("front-end", "Gateway.WebSockets", "Firezone.Gateway.WebSockets")]
    public void An_image_runs_the_program_of_its_project(string target, string project, string program)
    {
        var stage = Stage(target);
        Assert.Contains($"ENTRYPOINT [\"/app/{program}\"]", stage);
        Assert.Contains($"COPY --from=build --chown=root:root /out/{target}/ ./", stage);
        var publish = Assert.Single(Dockerfile, l => l.Contains($"dotnet publish {project} -c Release", StringComparison.Ordinal));
        Assert.EndsWith($"-o /out/{target}", publish.TrimEnd('\\', ' '), StringComparison.Ordinal);
        Assert.Equal($"firezone-orleans/{target}", Xml($"{project}/{project}.csproj").Descendants("ContainerRepository").Single().Value);
        Assert.Contains($"repository: firezone-orleans/{target}\n", Repository.Read("helm/firezone-orleans/values.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public void Images_have_no_shell_no_root_and_no_secret()
    {
        var stage = Stage("base");
        Assert.Single(Dockerfile, l => l.StartsWith("FROM ", StringComparison.Ordinal) && l.EndsWith("-noble-chiseled AS base", StringComparison.Ordinal));
        Assert.Contains("USER 1654:1654", stage);
        Assert.Equal(["FROM base AS front-end", "FROM base AS silo"], Dockerfile.Where(l => l.StartsWith("FROM base", StringComparison.Ordinal)));
        Assert.DoesNotContain(Dockerfile, l => Secret().IsMatch(l));
        Assert.DoesNotContain(Dockerfile, l => l.Contains(":latest", StringComparison.Ordinal));
        Assert.DoesNotContain("COPY . ", string.Join('\n', Dockerfile), StringComparison.Ordinal);
        Assert.All(Stage("silo").Concat(Stage("front-end")).Where(l => l.Length > 0), l => Assert.Matches("^(COPY|EXPOSE|ENTRYPOINT) ", l));
    }

    [Fact]
    public void Every_project_that_a_program_needs_is_copied_into_the_build()
    {
        var copied = Dockerfile.Where(l => l.StartsWith("COPY ", StringComparison.Ordinal)).Select(l => l.Split(' ')[1].TrimEnd('/')).ToHashSet();
        var needed = new HashSet<string>();
        var open = new Stack<string>(["Silos", "Gateway.WebSockets"]);
        while (open.TryPop(out var project))
        {
            if (!needed.Add(project))
                continue;
            foreach (var reference in Xml($"{project}/{project}.csproj").Descendants("ProjectReference"))
                open.Push(Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));
        }

        Assert.Subset(copied, needed);
        Assert.All(copied.Where(c => c.Length > 0 && !c.StartsWith("--", StringComparison.Ordinal)), path => Assert.True(
            File.Exists(Path.Combine(Repository.Root, path)) || Directory.Exists(Path.Combine(Repository.Root, path)), path));
    }

    [Fact]
    public void The_publish_target_makes_the_same_image_as_the_Dockerfile()
    {
        var properties = Xml("deploy/Program.props");
        Assert.Equal("noble-chiseled", properties.Descendants("ContainerFamily").Single().Value);
        Assert.Equal("1654", properties.Descendants("ContainerUser").Single().Value);
        Assert.Equal("$(Version)", properties.Descendants("ContainerImageTag").Single().Value);
        Assert.Equal("true", properties.Descendants("SelfContained").Single().Value);
        Assert.Equal("true", properties.Descendants("PublishReadyToRun").Single().Value);
        Assert.Equal("DOTNET_EnableDiagnostics", properties.Descendants("ContainerEnvironmentVariable").Single().Attribute("Include")!.Value);
        Assert.Contains("runAsUser: 1654\n", Repository.Read("helm/firezone-orleans/values.yaml"), StringComparison.Ordinal);
        var version = Xml("Directory.Build.props").Descendants("Version").Single().Value;
        Assert.Contains($"appVersion: {version}\n", Repository.Read("helm/firezone-orleans/Chart.yaml"), StringComparison.Ordinal);
    }

    private static string[] Stage(string name) =>
    [
        .. Dockerfile.SkipWhile(l => !l.EndsWith($" AS {name}", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(l => !l.StartsWith("FROM ", StringComparison.Ordinal)),
    ];

    private static XElement Xml(string path) => XElement.Load(Path.Combine(Repository.Root, path));

    [GeneratedRegex("password|secret|token|api[_-]?key", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();
}
