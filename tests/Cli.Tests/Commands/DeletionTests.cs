using Firezone.Cli.Tests.Running;

namespace Firezone.Cli.Tests.Commands;

public sealed class DeletionTests
{
    [Fact]
    public async Task Without_a_terminal_nothing_is_asked_and_nothing_deleted()
    {
        var (portal, _) = await Furnished.StartAsync();
        using var __ = portal;
        portal.Input = "y\n";
        var error = (await portal.RunAsync("sites delete Frankfurt")).Bad(ExitCode.Usage).Error;
        Assert.Contains("with its resources, gateways and gateway tokens", error);
        Assert.Contains("--yes", error);
        Assert.NotEmpty(portal.World.Store.Of("sites"));
    }

    [Theory]
    [InlineData("y\n", true)]
    [InlineData("YES\n", true)]
    [InlineData("n\n", false)]
    [InlineData("\n", false)]
    [InlineData("", false)]
    public async Task On_a_terminal_the_answer_decides(string answer, bool deleted)
    {
        var (portal, _) = await Furnished.StartAsync();
        using var __ = portal;
        portal.CanAsk = true;
        portal.Input = answer;
        var outcome = await portal.RunAsync("sites delete Frankfurt");
        Assert.Equal(deleted ? ExitCode.Success : ExitCode.Usage, outcome.ExitCode);
        Assert.Contains("Go on with site Frankfurt? [y/N]", outcome.Error);
        Assert.Equal(deleted, portal.World.Store.Of("sites").Count == 0);
    }

    [Fact]
    public async Task A_deletion_says_what_it_deleted_and_to_machines_nothing()
    {
        var (portal, ids) = await Furnished.StartAsync();
        using var _ = portal;
        Assert.Equal("site Frankfurt deleted\n", (await portal.RunAsync("sites delete Frankfurt --yes")).Good().Out);
        Assert.Equal("", (await portal.RunAsync($"policies delete {ids["policy"]} --yes --json")).Good().Out);
    }

    [Fact]
    public async Task What_does_not_exist_is_not_asked_about()
    {
        var (portal, _) = await Furnished.StartAsync();
        using var __ = portal;
        portal.CanAsk = true;
        Assert.DoesNotContain("[y/N]", (await portal.RunAsync("sites delete Nowhere")).Bad(ExitCode.Refused).Error);
    }
}
