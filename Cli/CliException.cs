namespace Firezone.Cli;

/// <summary>Ends a command with a message for people and an exit code.</summary>
internal sealed class CliException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>The server's status, if it answered.</summary>
    public int? Status { get; init; }

    public static CliException Usage(string message) => new(Cli.ExitCode.Usage, message);

    public static CliException Refused(string message) => new(Cli.ExitCode.Refused, message);

    public static CliException Unreachable(string message) => new(Cli.ExitCode.Unreachable, message);
}
