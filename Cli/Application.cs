using System.CommandLine;
using System.CommandLine.Invocation;
using Firezone.Cli.Commands;

namespace Firezone.Cli;

/// <summary>The program: from a command line to an exit code.</summary>
internal static class Application
{
    public static string Version { get; } = typeof(Application).Assembly.GetName().Version!.ToString(3);

    /// <summary>How long a command may take to end after an interrupt: some remove what they have made.</summary>
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(90);

    public static async Task<int> RunAsync(string[] args, Surroundings surroundings, CancellationToken ct = default)
    {
        // No response files: a name may begin with an @.
        var parsed = new CommandTree(surroundings).Build().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction errors)
            errors.ShowHelp = parsed.CommandResult.Command.Subcommands.Count > 0;
        try
        {
            var configuration = new InvocationConfiguration
            {
                Output = surroundings.Out,
                Error = surroundings.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = LongestEnd,
            };
            var exitCode = await parsed.InvokeAsync(configuration, ct);
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
