using System.CommandLine;
using Firezone.Cli.Api;
using Firezone.Cli.Commands;
using Firezone.Cli.Output;
using Firezone.Cli.References;

namespace Firezone.Cli.Completion;

/// <summary>Completes the names of things with those that the server has.</summary>
internal static class NameCompletion
{
    /// <summary>Seconds that the server has for an answer.</summary>
    private const string PatienceVariable = "FIREZONE_COMPLETION_TIMEOUT";

    private const int DefaultPatience = 2;
    private const int Most = 50;

    /// <summary>Makes a value's place ask for names.</summary>
    public static void Offer(GivenValue value)
    {
        if (value.Input.Thing is not { Lists.Length: > 0 } thing)
            return;
        if (value.Symbol is Argument argument)
            argument.CompletionSources.Add(context => [new NamesWanted(context.WordToComplete, thing)]);
        else
            ((Option)value.Symbol).CompletionSources.Add(context => [new NamesWanted(context.WordToComplete, thing)]);
    }

    /// <summary>Names that begin with a word. None when the server is not there, or not quick: a prompt must not hang.</summary>
    public static async Task<List<string>> FindAsync(Thing thing, string word, Session session, CancellationToken ct)
    {
        List<string> names = [];
        using var limit = new CancellationTokenSource(Patience(session.Surroundings), session.Surroundings.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            IReadOnlyList<KeyValuePair<string, string>> filter = word.Length > 0 ? [new("name", word)] : [];
            foreach (var list in thing.Lists)
                await foreach (var item in session.Api.ListAsync(list, filter, Most, either.Token))
                    if (item.Text("name") is { Length: > 0 } name)
                        names.Add(name);
        }
        catch (CliException)
        {
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
        }

        return names;
    }

    private static TimeSpan Patience(Surroundings surroundings) =>
        TimeSpan.FromSeconds(
            int.TryParse(surroundings.Variable(PatienceVariable), out var seconds) && seconds is > 0 and <= 600 ? seconds : DefaultPatience);
}
