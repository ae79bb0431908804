namespace Firezone.Cli.Tests.Running;

/// <summary>What a run of the program left.</summary>
internal sealed record Outcome(int ExitCode, string Out, string Error)
{
    /// <summary>The run went well; otherwise the test says why not.</summary>
    public Outcome Good()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{Error}\n{Out}");
        return this;
    }

    /// <summary>The run ended with this code.</summary>
    public Outcome Bad(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode}, expected {exitCode}\n{Error}\n{Out}");
        return this;
    }
}
