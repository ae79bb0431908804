using YamlDotNet.RepresentationModel;

namespace Firezone.Deploy.Tests.Support;

/// <summary>One object.</summary>
internal sealed record Manifest(string ApiVersion, string Kind, string Name, YamlMappingNode Root, string Text)
{
    public static Manifest Parse(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        var root = (YamlMappingNode)Assert.Single(stream.Documents).RootNode;
        return new(root.Text("apiVersion")!, root.Text("kind")!, root.Text("metadata.name")!, root, text);
    }

    public YamlNode? Find(string path) => Root.Find(path);

    public string? Value(string path) => Root.Text(path);

    public override string ToString() => $"{Kind}/{Name}";
}
