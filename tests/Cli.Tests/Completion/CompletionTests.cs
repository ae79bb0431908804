using Firezone.Cli.Completion;
using Firezone.Cli.Tests.Running;

namespace Firezone.Cli.Tests.Completion;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("firezone si", "sites")]
    [InlineData("./firezone sites ", "create delete list rename show")]
    [InlineData("firezone resources create x --type ", "cidr dns internet ip")]
    [InlineData("firezone resources create x --type d", "dns")]
    [InlineData("firezone sites list --j", "--json")]
    [InlineData("firezone completion ", "bash fish zsh")]
    [InlineData("firezone nothing ", "")]
    [InlineData("firezone sites show ", "Berlin|Frankfurt|Frankfurt (old)")]
    [InlineData("firezone sites show fra", "Frankfurt|Frankfurt (old)")]
    [InlineData("firezone sites show 'Frankfurt (", "Frankfurt (old)")]
    [InlineData("firezone sites show Frankfurt\\ \\(", "Frankfurt (old)")]
    [InlineData("firezone gateways list --site B", "Berlin")]
    public async Task What_can_follow_is_offered(string line, string expected)
    {
        // A limit of zero: no timer runs out.
        using var portal = await Portal.StartAsync(new TestTime(TimeSpan.Zero));
        foreach (var name in new[] { "Berlin", "Frankfurt", "Frankfurt (old)" })
            portal.Add("sites", $$"""{"name":"{{name}}"}""");

        var offered = (await portal.RunAsync("complete", "--", line)).Good().Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        var separator = expected.Contains('|') ? '|' : expected.Contains('(') ? '\0' : ' ';
        Assert.Equal(
            expected.Split(separator, StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal),
            offered.Select(candidate => candidate.Split('\t')[0]).Where(text => text.Length > 0).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Commands_come_with_what_they_do()
    {
        using var portal = await Portal.StartAsync();
        Assert.Contains("rename\tGives a site another name", (await portal.RunAsync("complete", "--", "firezone sites ren")).Good().Out);
    }

    [Theory]
    [InlineData("FIREZONE_API_URL", "http://127.0.0.1:1")]
    [InlineData("FIREZONE_API_TOKEN", ".anobodys-secret")]
    [InlineData("FIREZONE_API_TOKEN", "")]
    public async Task A_server_that_does_not_help_leaves_the_prompt_alone(string variable, string value)
    {
        using var portal = await Portal.StartAsync(new TestTime(TimeSpan.Zero));
        portal.Environment[variable] = value;
        var outcome = (await portal.RunAsync("complete", "--", "firezone sites show ")).Good();
        Assert.Equal("", outcome.Out + outcome.Error);
    }

    [Theory]
    [InlineData("a b", "a|b")]
    [InlineData("a b ", "a|b|")]
    [InlineData("a 'b c' \"d e\" f\\ g", "a|b c|d e|f g")]
    [InlineData("a \"it's", "a|it's")]
    [InlineData("a '' \"\" b", "a|||b")]
    [InlineData("", "")]
    public void A_line_is_split_as_shells_do(string line, string words) => Assert.Equal(words, string.Join('|', ShellWords.Split(line)));
}
