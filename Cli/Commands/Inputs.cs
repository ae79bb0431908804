using System.Text.Json.Nodes;
using Firezone.Cli.References;
using Firezone.Cli.Values;

namespace Firezone.Cli.Commands;

/// <summary>Short ways to write the inputs of the catalog.</summary>
internal static class Inputs
{
    public static readonly Input Ids = new("--id", Place.Query, "id", "Only the one with this id") { Many = true };
    public static readonly Input Named = new("--name", Place.Query, "name", "Only those whose name contains this");
    public static readonly Input NewName = Argument("name", "Its name");

    /// <summary>The thing that the command is about, in the path.</summary>
    public static Input Of(Thing thing, string? member = null) =>
        new(thing.Placeholder, Place.Path, member ?? $"{thing.Noun}_id", Described(thing)) { Required = true, Thing = thing };

    /// <summary>A required value of the body, given without an option's name.</summary>
    public static Input Argument(string member, string help) =>
        new(member.ToUpperInvariant(), Place.Body, member, help) { Required = true };

    public static Input Text(string name, string member, string help) => new(name, Place.Body, member, help);

    /// <summary>A value of the body that can be taken away again by giving an empty one.</summary>
    public static Input Clearable(string name, string member, string help) =>
        new(name, Place.Body, member, $"{help}; \"\" for none") { Nullable = true };

    public static Input Choice(string name, string member, string help, params string[] choices) =>
        new(name, Place.Body, member, help) { Choices = choices };

    public static Input Refer(string name, string member, Thing thing, string help) => new(name, Place.Body, member, help) { Thing = thing };

    /// <summary>A list in the body that an option replaces by nothing.</summary>
    public static Input None(string name, string member, string help) =>
        new(name, Place.Body, member, help) { Flag = true, Constant = new JsonArray() };

    public static Input Future(string help, bool required) =>
        new("--expires", Place.Body, "expires_at", $"{help}: {Moment.FutureSyntax}") { Required = required, Convert = Moment.InTheFuture };

    public static Input Filter(string name, string help, string? member = null, bool many = false, params string[] choices) =>
        new(name, Place.Query, member ?? name[2..].Replace('-', '_'), help) { Many = many, Choices = choices };

    /// <summary>Only what belongs to a thing.</summary>
    public static Input FilterBy(Thing thing, bool many = false) =>
        new($"--{thing.Noun}", Place.Query, $"{thing.Noun}_id", $"Only those of this {thing.Noun}") { Thing = thing, Many = many };

    public static Input FilterFlag(string name, string help) => new(name, Place.Query, name[2..], help) { Flag = true };

    public static Input Since(string name, string help) =>
        new(name, Place.Query, name[2..], $"{help}: {Moment.PastSyntax}") { Convert = Moment.InThePast };

    private static string Described(Thing thing) => (thing.Lists, thing.Key) switch
    {
        ([], _) when thing.Free => "As 'firezone status' names it",
        ([], _) => "Id",
        (_, null) => "Name or id",
        (_, var key) => $"Name, {key} or id",
    };
}
