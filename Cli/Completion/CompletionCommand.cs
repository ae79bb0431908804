using System.CommandLine;
using System.CommandLine.Completions;
using Firezone.Cli.Commands;
using Firezone.Cli.Output;

namespace Firezone.Cli.Completion;

/// <summary>What the scripts call: the line up to the cursor goes in, one candidate a line comes out, with its description after a tab.</summary>
internal static class CompletionCommand
{
    public static Command Create(RootCommand root, GlobalOptions options, Surroundings surroundings)
    {
        var line = new Argument<string>("LINE");
        var command = new Command("complete", "Completes a command line") { line };
        command.Hidden = true;
        command.SetAction(async (parsed, ct) =>
        {
            var quiet = surroundings with { Error = TextWriter.Null };
            var found = await FindAsync(root, options, quiet, ShellWords.Split(parsed.GetRequiredValue(line)), ct);
            foreach (var (text, description) in found.DistinctBy(candidate => candidate.Text))
                await surroundings.Out.WriteLineAsync(description is null ? Printable.Of(text) : $"{Printable.Of(text)}\t{description}");
            return ExitCode.Success;
        });
        return command;
    }

    private static async Task<List<(string Text, string? Description)>> FindAsync(
        RootCommand root, GlobalOptions options, Surroundings surroundings, List<string> words, CancellationToken ct)
    {
        var word = words[^1];
        var parsed = root.Parse(AsLine(words.Skip(1)));
        List<(string, string?)> found = [];
        // Words that are no commands: nothing is known of what can follow them.
        if (parsed.UnmatchedTokens.Count > (word.Length > 0 ? 1 : 0))
            return found;
        foreach (var item in parsed.GetCompletions())
        {
            if (item is NamesWanted { Thing: var thing })
                found.AddRange((await NamesAsync(thing)).Where(Fits).Select(name => (name, (string?)null)));
            else if (Fits(item.Label) && item.Label[0] != '/' && item.Label != "-?" && item.Label.StartsWith('-') == word.StartsWith('-'))
                found.Add((item.Label, item.Detail));
        }

        return found;

        bool Fits(string candidate) => candidate.Length > 0 && candidate.StartsWith(word, StringComparison.OrdinalIgnoreCase);

        async Task<List<string>> NamesAsync(References.Thing thing)
        {
            try
            {
                using var session = options.Open(parsed, surroundings);
                return await NameCompletion.FindAsync(thing, word, session, ct);
            }
            catch (CliException)
            {
                return [];
            }
        }
    }

    /// <summary>The words as the parser splits a line. The last stays bare: the parser completes it.</summary>
    private static string AsLine(IEnumerable<string> words)
    {
        string[] all = [.. words];
        if (all.Length == 0)
            return "";
        var last = all[^1].Contains(' ', StringComparison.Ordinal) ? "" : all[^1];
        return string.Concat(all[..^1].Select(word => $"\"{word.Replace('"', ' ')}\" ")) + last;
    }
}
