namespace Firezone.Cli;

/// <summary>What the program tells its caller.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The server answered, and the answer was no.</summary>
    public const int Refused = 1;

    /// <summary>The command line or the configuration cannot be used as it is.</summary>
    public const int Usage = 2;

    /// <summary>No answer, or none that is worth anything.</summary>
    public const int Unreachable = 3;

    /// <summary>Ended by Ctrl-C, as shells count it.</summary>
    public const int Interrupted = 130;
}
