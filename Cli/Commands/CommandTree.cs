using System.CommandLine;
using Firezone.Cli.Catalog;
using Firezone.Cli.Completion;
using Firezone.Cli.Sizing;

namespace Firezone.Cli.Commands;

/// <summary>Makes the parser's commands from the rows of the catalog and adds those that call nothing.</summary>
internal sealed class CommandTree(Surroundings surroundings)
{
    private readonly GlobalOptions _options = new();

    public RootCommand Build()
    {
        var root = new RootCommand("Administers a Firezone control plane through its admin API.");
        root.Directives.Clear();
        _options.AddTo(root);
        foreach (var operation in Operations.All)
            Place(root, operation.Words, Create(operation));
        foreach (var (words, command) in new ProfileCommands(_options, surroundings).Create())
            Place(root, words, command);
        root.Subcommands.Add(new BenchCommand(_options, surroundings).Create());
        root.Subcommands.Add(CompletionScripts.CreateCommand(surroundings));
        root.Subcommands.Add(CompletionCommand.Create(root, _options, surroundings));
        return root;
    }

    /// <summary>Hangs a command below the one that its first word names, if it has two.</summary>
    private static void Place(Command root, string words, Command command)
    {
        var parent = root;
        if (words.Split(' ') is [var subject, _])
        {
            parent = root.Subcommands.FirstOrDefault(existing => existing.Name == subject);
            if (parent is null)
                root.Subcommands.Add(parent = new Command(subject, Operations.Subjects[subject]));
        }

        parent.Subcommands.Add(command);
    }

    private Command Create(Operation operation)
    {
        var command = new Command(operation.Words.Split(' ')[^1], operation.Help);
        var values = Array.ConvertAll(operation.Inputs, GivenValue.For);
        foreach (var value in values)
            Add(command, value);

        var yes = new Option<bool>("--yes", "-y") { Description = "Without asking" };
        var limit = new Option<int?>("--limit") { Description = "At most so many", HelpName = "N" };
        var key = new Option<string?>("--idempotency-key") { Description = "Repeats an earlier request with this key safely", HelpName = "KEY" };
        limit.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, out var number) && number < 1)
                result.AddError("--limit must be at least 1.");
        });
        if (operation.Warning is not null)
            command.Options.Add(yes);
        if (operation.HasLimit)
            command.Options.Add(limit);
        if (operation.Method == HttpMethod.Post)
            command.Options.Add(key);

        command.SetAction(async (parsed, ct) =>
        {
            using var session = _options.Open(parsed, surroundings);
            var given = values.Select(value => (value.Input, Texts: value.Read(parsed))).Where(value => value.Texts is not null);
            return await new OperationRunner(operation, session).RunAsync(
                [.. given.Select(value => (value.Input, value.Texts!))],
                operation.Warning is null || parsed.GetValue(yes),
                operation.HasLimit ? parsed.GetValue(limit) : null,
                operation.Method == HttpMethod.Post ? parsed.GetValue(key) : null,
                ct);
        });
        return command;
    }

    private static void Add(Command command, GivenValue value)
    {
        if (value.Symbol is Argument argument)
            command.Arguments.Add(argument);
        else
            command.Options.Add((Option)value.Symbol);
        NameCompletion.Offer(value);
    }
}
