using Firezone.Cli.Catalog;
using Firezone.Cli.Tests.Running;

namespace Firezone.Cli.Tests.Documents;

public sealed class DocumentTests
{
    private static string Read(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    [Fact]
    public void The_document_names_every_command()
    {
        var text = Read("docs/cli.md");
        Assert.All(Operations.All, operation => Assert.Contains($"`{operation.Words}`", text));
    }

    [Fact]
    public async Task The_commands_of_the_document_can_be_parsed()
    {
        var (portal, _) = await Furnished.StartAsync();
        using var __ = portal;
        var lines = Read("docs/cli.md").Split('\n')
            .Where(line => line.StartsWith("firezone ", StringComparison.Ordinal) && !line.Contains('>'))
            .Select(line => line.Split(" #")[0].Trim());
        foreach (var line in lines)
        {
            var outcome = await portal.RunAsync($"{line["firezone ".Length..]} --help");
            Assert.True(outcome.ExitCode == 0 && outcome.Error.Length == 0, $"{line}\n{outcome.Error}");
        }
    }
}
