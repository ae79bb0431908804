using Firezone.Cli.Tests.Contract;
using Firezone.Cli.Tests.Running;

namespace Firezone.Cli.Tests.Commands;

public sealed class TokenTests
{
    [Theory]
    [InlineData("gateway-tokens create Frankfurt", ContractWorld.AdminToken)]
    [InlineData("client-tokens create Builder --expires 1d", ContractWorld.AdminToken)]
    [InlineData("admin-tokens create x --actor Builder --role admin", ContractWorld.AdminToken)]
    [InlineData("relay-tokens create", ContractWorld.OperatorToken)]
    [InlineData("operator-tokens create x", ContractWorld.OperatorToken)]
    [InlineData("accounts create-token Acme x --actor 00000000-0000-0000-0000-000000000001 --role admin", ContractWorld.OperatorToken)]
    [InlineData("accounts create X --slug xxx --admin Eve", ContractWorld.OperatorToken)]
    public async Task A_new_token_is_shown_with_the_hint_that_it_will_not_be_again(string line, string token)
    {
        var (portal, _) = await Furnished.StartAsync();
        using var __ = portal;
        portal.Environment["FIREZONE_API_TOKEN"] = token;
        var outcome = (await portal.RunAsync(line)).Good();
        Assert.Matches(@"token +\.[xa]", outcome.Out);
        Assert.Contains("shown only now", outcome.Error);
    }

    [Fact]
    public async Task A_new_token_goes_alone_into_a_pipe()
    {
        var (portal, _) = await Furnished.StartAsync();
        using var __ = portal;
        Assert.StartsWith(".x", (string?)(await portal.JsonAsync("gateway-tokens create Frankfurt"))["token"]);
    }

    [Fact]
    public async Task The_token_of_the_program_is_never_printed()
    {
        var (portal, ids) = await Furnished.StartAsync();
        using var _ = portal;
        foreach (var scenario in Scenarios.All.Where(scenario => !scenario.Line.StartsWith("watch", StringComparison.Ordinal)))
        {
            portal.Environment["FIREZONE_API_TOKEN"] = scenario.Token;
            var outcome = await portal.RunAsync(Furnished.Fill(scenario.Line, ids));
            Assert.DoesNotContain("secret", outcome.Out + outcome.Error);
        }
    }

    [Fact]
    public void Objects_that_hold_a_token_do_not_print_it()
    {
        var token = Cli.Api.ApiToken.Parse(".asecret", "a test");
        Assert.DoesNotContain("secret", $"{token} {new Cli.Settings.Connection(new Uri("http://127.0.0.1"), token)}");
    }
}
