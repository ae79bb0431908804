namespace Firezone.Architecture.Tests;

/// <summary>Which project references which, by name.</summary>
internal sealed class ProjectGraph
{
    private readonly Dictionary<string, string[]> _references;

    private ProjectGraph(Dictionary<string, string[]> references) => _references = references;

    /// <summary>The graph as the project files state it.</summary>
    public static ProjectGraph Load() => new(RepositoryFiles.Projects.ToDictionary(NameOf, References));

    /// <summary>All projects.</summary>
    public IEnumerable<string> Names => _references.Keys;

    /// <summary>What a project references itself.</summary>
    public IReadOnlyList<string> DirectReferences(string project) => _references[project];

    /// <summary>What a project reaches through any number of references.</summary>
    public HashSet<string> Reachable(string project)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>(_references[project]);
        while (open.TryPop(out var next))
            if (reached.Add(next))
                foreach (var further in _references.GetValueOrDefault(next, []))
                    open.Push(further);
        return reached;
    }

    /// <summary>A project's name: its file name without extension.</summary>
    public static string NameOf(string path) => Path.GetFileNameWithoutExtension(path);

    private static string[] References(string path) =>
        [.. RepositoryFiles.ReadXml(path).Descendants("ProjectReference").Select(e => NameOf(e.Attribute("Include")!.Value.Replace('\\', '/')))];
}
