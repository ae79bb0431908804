using YamlDotNet.RepresentationModel;

namespace Firezone.Deploy.Tests.Support;

/// <summary>Ways through a document: <c>spec.template.spec.containers.0.name</c>. A part in quotes may hold dots.</summary>
internal static class Yaml
{
    public static YamlNode? Find(this YamlNode? node, string path)
    {
        foreach (var part in path.Split('.'))
        {
            node = node switch
            {
                YamlMappingNode map when map.Children.TryGetValue(new YamlScalarNode(part), out var child) => child,
                YamlSequenceNode list when int.TryParse(part, out var index) && index < list.Children.Count => list[index],
                _ => null,
            };
        }

        return node;
    }

    public static string? Text(this YamlNode? node, string path) => (node.Find(path) as YamlScalarNode)?.Value;

    /// <summary>The elements of a list, none if it is not there.</summary>
    public static IEnumerable<YamlNode> List(this YamlNode? node, string path) => (node.Find(path) as YamlSequenceNode)?.Children ?? [];

    /// <summary>A mapping of strings, empty if it is not there.</summary>
    public static Dictionary<string, string> Strings(this YamlNode? node, string path) =>
        (node.Find(path) as YamlMappingNode)?.Children.ToDictionary(c => ((YamlScalarNode)c.Key).Value!, c => ((YamlScalarNode)c.Value).Value!) ?? [];

    /// <summary>Environment variables of a container by name; those that come from somewhere have null.</summary>
    public static Dictionary<string, string?> Environment(this YamlNode container) =>
        container.List("env").ToDictionary(e => e.Text("name")!, e => e.Text("value"));
}
