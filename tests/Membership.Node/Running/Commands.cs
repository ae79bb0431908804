using System.Globalization;
using Microsoft.Extensions.Hosting;

namespace Firezone.Membership.Node.Running;

/// <summary>
/// Obeys standard input, a command per line: <c>load start CONCURRENCY GRAINS [PAUSE_MS]</c>, <c>load stop</c>, <c>quit</c>. The end of
/// the input is the death of whoever started this node, and ends it at once.
/// </summary>
internal sealed class Commands(Load load, IHostApplicationLifetime lifetime)
{
    public async Task RunAsync(TextReader input)
    {
        while (await input.ReadLineAsync() is { } line)
        {
            try
            {
                await ObeyAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            }
            catch (Exception e) when (e is FormatException or IndexOutOfRangeException or InvalidOperationException)
            {
                EventWriter.Write("refused", new { command = line, error = e.Message });
            }
        }

        Environment.Exit(3);
    }

    private async Task ObeyAsync(string[] words)
    {
        switch (words)
        {
            case ["load", "start", ..]:
                load.Start(Number(words[2]), Number(words[3]), TimeSpan.FromMilliseconds(words.Length > 4 ? Number(words[4]) : 0));
                break;
            case ["load", "stop"]:
                EventWriter.Write("load", await load.StopAsync() ?? throw new InvalidOperationException("No load is under way."));
                break;
            case ["quit"]:
                lifetime.StopApplication();
                break;
            default:
                throw new FormatException("Unknown command.");
        }
    }

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);
}
