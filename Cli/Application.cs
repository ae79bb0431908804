using System.CommandLine;
using System.CommandLine.Invocation;
using Firezone.Cli.Commands;

namespace Firezone.Cli;

/// <summary>The program: from a command line to an exit code.</summary>
internal static class Application
{
    public static string Version { get; } = typeof(Application).Assembly.GetName().Version!.ToString(3);

    public static async Task<int> RunAsync(string[] args, Surroundings surroundings, CancellationToken ct = default)
    {
        // No response files: a name may begin with an @.
        var parsed = new CommandTree(surroundings).Build().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction errors)
            errors.ShowHelp = parsed.CommandResult.Command.Subcommands.Count > 0;
        try
        {
            var exitCode = await parsed.InvokeAsync(
                new InvocationConfiguration { Output = surroundings.Out, Error = surroundings.Error, EnableDefaultExceptionHandler = false }, ct);
            return parsed.Action is ParseErrorAction ? ExitCode.Usage : exitCode;
        }
        catch (CliException e)
        {
            await surroundings.Error.WriteLineAsync($"firezone: {e.Message}");
            return e.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
    }
}
