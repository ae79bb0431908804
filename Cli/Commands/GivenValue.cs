using System.CommandLine;

namespace Firezone.Cli.Commands;

/// <summary>An input as a symbol of the parser, and the texts that were given for it.</summary>
/// <param name="Input">The row's input.</param>
/// <param name="Symbol">An argument or an option.</param>
/// <param name="Read">The texts; null when the input was not given.</param>
internal sealed record GivenValue(Input Input, Symbol Symbol, Func<ParseResult, string[]?> Read)
{
    public static GivenValue For(Input input) => input switch
    {
        { IsArgument: true, Many: true } => ForArguments(input),
        { IsArgument: true } => ForArgument(input),
        { Flag: true } => ForFlag(input),
        { Many: true } => ForOptions(input),
        _ => ForOption(input),
    };

    private static GivenValue ForArgument(Input input)
    {
        var argument = new Argument<string>(input.Name) { Description = input.Help, HelpName = input.Name };
        return new(input, argument, parsed => [parsed.GetRequiredValue(argument)]);
    }

    private static GivenValue ForArguments(Input input)
    {
        var arity = input.Required ? ArgumentArity.OneOrMore : ArgumentArity.ZeroOrMore;
        var argument = new Argument<string[]>(input.Name) { Description = input.Help, HelpName = input.Name, Arity = arity };
        return new(input, argument, parsed => parsed.GetValue(argument) ?? []);
    }

    private static GivenValue ForOption(Input input)
    {
        var option = new Option<string?>(input.Name) { Description = input.Help, HelpName = Placeholder(input), Required = input.Required };
        if (input.Choices.Length > 0)
            option.AcceptOnlyFromAmong(input.Choices);
        return new(input, option, parsed => parsed.GetValue(option) is { } text ? [text] : null);
    }

    private static GivenValue ForOptions(Input input)
    {
        var option = new Option<string[]>(input.Name) { Description = input.Help, HelpName = Placeholder(input), Required = input.Required };
        if (input.Choices.Length > 0)
            option.AcceptOnlyFromAmong(input.Choices);
        return new(input, option, parsed => parsed.GetValue(option) is { Length: > 0 } texts ? texts : null);
    }

    /// <summary>An option that stands for one value takes none; another may be denied with false.</summary>
    private static GivenValue ForFlag(Input input)
    {
        var arity = input.Constant is null ? ArgumentArity.ZeroOrOne : ArgumentArity.Zero;
        var option = new Option<bool?>(input.Name) { Description = input.Help, HelpName = "true|false", Arity = arity };
        return new(input, option, parsed => parsed.GetValue(option) is { } yes ? [yes ? "true" : "false"] : null);
    }

    private static string Placeholder(Input input) =>
        input.Choices.Length > 0 ? string.Join('|', input.Choices) : input.Thing?.Placeholder ?? "VALUE";
}
