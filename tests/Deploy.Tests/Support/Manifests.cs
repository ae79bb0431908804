using YamlDotNet.RepresentationModel;

namespace Firezone.Deploy.Tests.Support;

/// <summary>What the chart renders to.</summary>
internal sealed class Manifests(IReadOnlyList<Manifest> all)
{
    public IReadOnlyList<Manifest> All => all;

    public static Manifests Parse(string text) => new(
    [
        .. text.Split("\n---\n")
            .Select(document => document.TrimStart('-', '\n'))
            .Where(document => document.Split('\n').Any(line => line.Length > 0 && line[0] != '#'))
            .Select(Manifest.Parse),
    ]);

    public IEnumerable<Manifest> OfKind(string kind) => all.Where(m => m.Kind == kind);

    public Manifest Single(string kind, string name) => Assert.Single(all, m => m.Kind == kind && m.Name == name);

    /// <summary>Everything that has containers.</summary>
    public IEnumerable<(Manifest Owner, YamlMappingNode Pod)> Pods =>
        from manifest in all
        let pod = manifest.Kind switch
        {
            "Deployment" or "Job" => (YamlMappingNode?)manifest.Find("spec.template.spec"),
            "Pod" => (YamlMappingNode?)manifest.Find("spec"),
            _ => null,
        }
        where pod is not null
        select (manifest, pod);
}
