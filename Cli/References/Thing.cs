namespace Firezone.Cli.References;

/// <summary>A kind of thing that commands name: by id, and by name where it has one.</summary>
internal sealed record Thing(string Noun)
{
    /// <summary>The lists that hold such things; empty when they can only be named by id.</summary>
    public string[] Lists { get; init; } = [];

    /// <summary>Members of a thing that tell it from another of the same name.</summary>
    public string[] Marks { get; init; } = [];

    /// <summary>A further unique name, and the filter that finds it.</summary>
    public string? Key { get; init; }

    /// <summary>The server takes any text for it.</summary>
    public bool Free { get; init; }

    /// <summary>How the command line calls it, such as SITE.</summary>
    public string Placeholder => Noun.Replace(' ', '-').ToUpperInvariant();
}
