namespace Firezone.Cli.Output;

/// <summary>Text of devices and people on a terminal: it must not steer the terminal, nor show itself in another order than it has.</summary>
internal static class Printable
{
    private const char Replacement = '\uFFFD';

    public static string Of(string text) =>
        text.Any(Harmful) ? string.Concat(text.Select(c => Harmful(c) ? Replacement : c)) : text;

    private static bool Harmful(char c) =>
        char.IsControl(c) || c is '\u061C' or '\u200E' or '\u200F' or (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
