using Firezone.Cli.Tests.Running;

namespace Firezone.Cli.Tests.Completion;

/// <summary>The scripts in the shells that they are for.</summary>
public sealed class ShellTests
{
    [ShellFact("bash")]
    public async Task Bash_completes_commands_and_names()
    {
        using var portal = await WithSitesAsync();
        var completed = await Shell.RunAsync(
            "bash",
            """
            eval "$(firezone completion bash)"
            try() { COMP_LINE=$1; COMP_POINT=${#1}; COMP_WORDS=($1); _firezone; printf '%s\n' "${COMPREPLY[@]}"; }
            complete -p firezone
            try 'firezone sites re'
            try 'firezone sites show New\ '
            """,
            portal);
        Assert.Equal("complete -F _firezone firezone\nrename\nNew\\ York\n", completed);
    }

    [ShellFact("zsh")]
    public async Task Zsh_completes_commands_and_names()
    {
        using var portal = await WithSitesAsync();
        var completed = await Shell.RunAsync(
            "zsh",
            """
            compdef() { print "compdef $@"; }
            _describe() { print -rl -- "${(@P)2}"; }
            eval "$(firezone completion zsh)"
            words=(firezone sites re) CURRENT=3; _firezone
            words=(firezone sites show 'New\ ') CURRENT=4; _firezone
            """,
            portal);
        Assert.Equal("compdef _firezone firezone\nrename:Gives a site another name\nNew York\n", completed);
    }

    [ShellFact("fish")]
    public async Task Fish_completes_commands_and_names()
    {
        using var portal = await WithSitesAsync();
        var completed = await Shell.RunAsync(
            "fish",
            """
            firezone completion fish | source
            complete -C 'firezone sites re'
            complete -C 'firezone sites show New'
            """,
            portal);
        Assert.Equal("rename\tGives a site another name\nNew York\n", completed);
    }

    private static async Task<Portal> WithSitesAsync()
    {
        var portal = await Portal.StartAsync();
        portal.Environment["FIREZONE_COMPLETION_TIMEOUT"] = "600"; // a busy machine must not decide
        portal.Add("sites", """{"name":"New York"}""");
        portal.Add("sites", """{"name":"Berlin"}""");
        return portal;
    }
}
