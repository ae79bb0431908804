namespace Firezone.Cli.Tests.Completion;

/// <summary>A test that needs a shell. Where the shell is missing, the test says so and does not run.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ShellFactAttribute : FactAttribute
{
    public ShellFactAttribute(string shell)
    {
        if (!Shell.Exists(shell))
            Skip = $"{shell} is not installed (no '{shell}' on the PATH); its completion script is not tried. Debian: apt-get install {shell}";
    }
}
