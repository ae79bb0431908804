using Firezone.Cli.Tests.Contract;
using Firezone.Cli.Tests.Running;

namespace Firezone.Cli.Tests.Settings;

public sealed class ConnectionTests
{
    [Fact]
    public async Task Without_a_token_the_ways_to_give_one_are_named()
    {
        using var portal = await Portal.StartAsync();
        portal.Environment.Remove("FIREZONE_API_TOKEN");
        var error = (await portal.RunAsync("sites list")).Bad(ExitCode.Usage).Error;
        foreach (var way in new[] { "firezone login", "FIREZONE_API_TOKEN", "--token-file" })
            Assert.Contains(way, error);
        Assert.Empty(portal.World.Calls);
    }

    [Fact]
    public async Task A_token_file_comes_before_the_environment()
    {
        using var portal = await Portal.StartAsync();
        portal.Environment["FIREZONE_API_TOKEN"] = ".anobodys-secret";
        var file = Path.Combine(portal.Home, "token");
        File.WriteAllText(file, ContractWorld.AdminToken + "\n");
        (await portal.RunAsync("sites", "list", "--token-file", file)).Good();
    }

    [Fact]
    public async Task A_token_can_come_from_the_standard_input()
    {
        using var portal = await Portal.StartAsync();
        portal.Environment.Remove("FIREZONE_API_TOKEN");
        portal.Input = ContractWorld.AdminToken + "\n";
        (await portal.RunAsync("sites list --token-file -")).Good();
    }

    [Fact]
    public async Task An_address_on_the_command_line_comes_before_the_environment()
    {
        using var portal = await Portal.StartAsync();
        var url = portal.Environment["FIREZONE_API_URL"];
        portal.Environment["FIREZONE_API_URL"] = "http://127.0.0.1:1";
        (await portal.RunAsync("sites", "list", "--api-url", url)).Good();
    }

    [Theory]
    [InlineData("wss://portal.example.com/", "where devices connect")]
    [InlineData("portal.example.com", "not the address")]
    [InlineData("ftp://portal.example.com", "not the address")]
    [InlineData("https://me:secret@portal.example.com", "not the address")]
    public async Task An_address_that_cannot_be_the_APIs_is_refused(string url, string message)
    {
        using var portal = await Portal.StartAsync();
        portal.Environment["FIREZONE_API_URL"] = url;
        var error = (await portal.RunAsync("sites list")).Bad(ExitCode.Usage).Error;
        Assert.Contains(message, error);
        Assert.DoesNotContain("secret", error);
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("bell\u0007")]
    [InlineData("ünïcode")]
    public async Task What_cannot_be_a_token_is_not_sent(string token)
    {
        using var portal = await Portal.StartAsync();
        portal.Environment["FIREZONE_API_TOKEN"] = token;
        var error = (await portal.RunAsync("sites list")).Bad(ExitCode.Usage).Error;
        Assert.Contains("FIREZONE_API_TOKEN", error);
        Assert.DoesNotContain(token, error);
    }

    [Fact]
    public async Task An_address_without_encryption_elsewhere_is_warned_of()
    {
        using var portal = await Portal.StartAsync();
        portal.Environment["FIREZONE_API_URL"] = "http://portal.invalid";
        Assert.Contains("not encrypted", (await portal.RunAsync("sites list")).Bad(ExitCode.Unreachable).Error);
    }
}
