using System.CommandLine;

namespace Firezone.Cli.Completion;

/// <summary>The scripts that make a shell ask this program what can follow.</summary>
internal static class CompletionScripts
{
    private const string Bash = """
        # firezone completion bash > /etc/bash_completion.d/firezone, or: source <(firezone completion bash)
        _firezone() {
          local candidate
          COMPREPLY=()
          while IFS=$'\t' read -r candidate _; do
            COMPREPLY+=("$(printf '%q' "$candidate")")
          done < <("${COMP_WORDS[0]}" complete -- "${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
        }
        complete -F _firezone firezone
        """;

    private const string Zsh = """
        #compdef firezone
        # firezone completion zsh > "${fpath[1]}/_firezone", or: source <(firezone completion zsh)
        _firezone() {
          local line candidate
          local -a candidates
          for line in "${(@f)$("${words[1]}" complete -- "${(j: :)words[1,CURRENT]}" 2>/dev/null)}"; do
            [[ -n $line ]] || continue
            candidate=${${line%%$'\t'*}//:/\\:}
            [[ $line == *$'\t'* ]] && candidate+=":${line#*$'\t'}"
            candidates+=("$candidate")
          done
          (( $#candidates )) && _describe 'firezone' candidates
        }
        if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _firezone "$@"; else compdef _firezone firezone; fi
        """;

    private const string Fish = """
        # firezone completion fish > ~/.config/fish/completions/firezone.fish
        complete -c firezone -f -a '(firezone complete -- (commandline -cp | string collect) 2>/dev/null)'
        """;

    public static Command CreateCommand(Surroundings surroundings)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Prints a script that completes commands, options and names in a shell") { shell };
        command.SetAction(parsed =>
        {
            surroundings.Out.WriteLine(parsed.GetRequiredValue(shell) switch { "bash" => Bash, "zsh" => Zsh, _ => Fish });
            return ExitCode.Success;
        });
        return command;
    }
}
