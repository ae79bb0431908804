using Firezone.Deploy.Tests.Support;
using k8s;

namespace Firezone.Deploy.Tests.Chart;

/// <summary>Every values set with both versions of Helm, and every manifest against the types of the API.</summary>
public sealed class RenderTests
{
    [Fact]
    public async Task The_check_of_the_chart_passes()
    {
        var check = await Command.RunAsync(Path.Combine(Repository.Root, "helm", "check"));
        Assert.True(check.ExitCode == 0, check.Output + check.Errors);
        var good = check.Output.Split('\n').Count(line => line.StartsWith("ok ", StringComparison.Ordinal));
        Assert.Equal(Helm.Versions.Length * ValuesSets.Files.Count() + 2, good);
    }

    [Theory]
    [MemberData(nameof(ValuesSets.All), MemberType = typeof(ValuesSets))]
    public async Task Both_versions_of_Helm_render_the_same(string values)
    {
        var (three, four) = (await Helm.TemplateAsync(3, values), await Helm.TemplateAsync(4, values));
        Assert.True(three.ExitCode == 0, three.Errors);
        Assert.Equal(
            Manifests.Parse(three.Output).All.Select(m => m.Text).Order(StringComparer.Ordinal),
            Manifests.Parse(four.Output).All.Select(m => m.Text).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(ValuesSets.All), MemberType = typeof(ValuesSets))]
    public async Task Every_manifest_has_only_fields_that_the_api_knows(string values)
    {
        foreach (var manifest in (await Helm.RenderAsync(values)).All)
        {
            try
            {
                Assert.Single(KubernetesYaml.LoadAllFromString(manifest.Text, CustomResource.Types, strict: true));
            }
            catch (YamlDotNet.Core.YamlException e)
            {
                Assert.Fail($"{manifest}: {e.Message} {e.InnerException?.Message}\n{manifest.Text}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(ValuesSets.All), MemberType = typeof(ValuesSets))]
    public async Task Every_object_has_a_name_of_its_own_that_is_short_enough_and_the_releases_namespace_and_labels(string values)
    {
        var manifests = await Helm.RenderAsync(values);
        Assert.All(manifests.All, m => Assert.InRange(m.Name.Length, 1, 63));
        Assert.Equal(manifests.All.Count, manifests.All.Select(m => m.ToString()).Distinct().Count());
        Assert.All(manifests.All.Where(m => !m.Name.EndsWith("-more", StringComparison.Ordinal)), m =>
        {
            Assert.Equal("portal", m.Value("metadata.namespace"));
            Assert.Equal("release", m.Root.Strings("metadata.labels")["app.kubernetes.io/instance"]);
        });
    }

    [Fact]
    public async Task An_install_prints_how_to_go_on()
    {
        var install = await Helm.RunAsync(4, "install", "release", Repository.Chart, "--dry-run=client", "--namespace", "portal");
        Assert.True(install.ExitCode == 0, install.Errors);
        const string Token = "kubectl -n portal exec deploy/release-firezone-orleans-silo -- /app/Firezone.Silos operator-token";
        Assert.Contains(Token, install.Output, StringComparison.Ordinal);
        const string Values = "siloTraffic.tls.enabled=false,ingress.enabled=true,ingress.hosts={a.example}";
        var plain = await Helm.RunAsync(4, "install", "release", Repository.Chart, "--dry-run=client", "--set", Values);
        Assert.Contains("WARNING: siloTraffic.tls.enabled is false", plain.Output, StringComparison.Ordinal);
        Assert.Contains("ws://a.example/", plain.Output, StringComparison.Ordinal);
    }
}
