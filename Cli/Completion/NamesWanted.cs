using System.CommandLine.Completions;
using Firezone.Cli.References;

namespace Firezone.Cli.Completion;

/// <summary>
/// Stands among the parser's completions for names that are still to be fetched: the parser asks its sources without waiting. Its label is the
/// word itself, so that it is not sorted out.
/// </summary>
internal sealed class NamesWanted(string word, Thing thing) : CompletionItem(word)
{
    public Thing Thing { get; } = thing;
}
