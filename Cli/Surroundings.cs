using Spectre.Console;

namespace Firezone.Cli;

/// <summary>What the program sees of the machine that it runs on.</summary>
internal sealed record Surroundings
{
    public required Func<string, string?> Variable { get; init; }

    public required TextReader In { get; init; }

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Output goes to a screen: tables fit its width, colours are used.</summary>
    public bool Screen { get; init; }

    /// <summary>Errors and notes go to a screen, which can show progress.</summary>
    public bool ErrorScreen { get; init; }

    /// <summary>Somebody sits there who can answer a question.</summary>
    public bool CanAsk { get; init; }

    /// <summary>Reads a line without showing it.</summary>
    public required Func<string> ReadSecret { get; init; }

    /// <summary>This process, its environment and its terminal.</summary>
    public static Surroundings OfThisProcess() => new()
    {
        Variable = Environment.GetEnvironmentVariable,
        In = Console.In,
        Out = Console.Out,
        Error = Console.Error,
        Time = TimeProvider.System,
        Screen = !Console.IsOutputRedirected,
        ErrorScreen = !Console.IsErrorRedirected,
        CanAsk = !Console.IsInputRedirected && !Console.IsErrorRedirected,
        ReadSecret = ReadSecretFromConsole,
    };

    /// <summary>A renderer on the standard output. Elsewhere than on a screen lines are never broken, so that programs can read them.</summary>
    public IAnsiConsole Renderer()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Out),
            Ansi = Screen ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = Screen ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        if (!Screen)
            console.Profile.Width = 10_000;
        return console;
    }

    private static string ReadSecretFromConsole()
    {
        var secret = new System.Text.StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
                return secret.ToString();
            if (key.Key == ConsoleKey.Backspace)
                secret.Length = Math.Max(0, secret.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                secret.Append(key.KeyChar);
        }
    }
}
