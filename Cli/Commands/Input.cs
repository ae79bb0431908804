using System.Text.Json.Nodes;
using Firezone.Cli.References;

namespace Firezone.Cli.Commands;

/// <summary>
/// One argument or option of a command and the place of its value in the request. <paramref name="Member"/> is the name there; dots lead into
/// nested objects of the body.
/// </summary>
internal sealed record Input(string Name, Place Place, string Member, string Help)
{
    public bool Required { get; init; }

    /// <summary>The option may be given several times; an argument takes all that follow.</summary>
    public bool Many { get; init; }

    /// <summary>An option that needs no value: yes or no.</summary>
    public bool Flag { get; init; }

    /// <summary>The empty text stands for null.</summary>
    public bool Nullable { get; init; }

    /// <summary>What the value names.</summary>
    public Thing? Thing { get; init; }

    public string[] Choices { get; init; } = [];

    /// <summary>Turns the text into what the API wants; without it the text goes as it is.</summary>
    public Func<string, TimeProvider, JsonNode>? Convert { get; init; }

    /// <summary>The value itself, for an option that stands for one.</summary>
    public JsonNode? Constant { get; init; }

    public bool IsArgument => !Name.StartsWith('-');
}
