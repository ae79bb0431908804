using Firezone.Deploy.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace Firezone.Deploy.Tests.Chart;

/// <summary>What refers to something finds it: within the manifests, in the values, and in the programs.</summary>
public sealed class CrossCheckTests
{
    [Theory]
    [MemberData(nameof(ValuesSets.All), MemberType = typeof(ValuesSets))]
    public async Task Every_selector_finds_pods(string values)
    {
        var manifests = await Helm.RenderAsync(values);
        var pods = manifests.All
            .Select(m => m.Kind is "Pod" ? m.Root.Strings("metadata.labels") : m.Root.Strings("spec.template.metadata.labels"))
            .Where(labels => labels.Count > 0)
            .ToArray();
        foreach (var manifest in manifests.All)
        {
            var path = manifest.Kind switch
            {
                "Service" => "spec.selector",
                "NetworkPolicy" => "spec.podSelector.matchLabels",
                "Deployment" or "PodDisruptionBudget" => "spec.selector.matchLabels",
                _ => null,
            };
            if (path is null)
                continue;
            var selector = manifest.Root.Strings(path);
            Assert.NotEmpty(selector);
            Assert.True(pods.Any(labels => Has(labels, selector)), $"{manifest} selects nothing");
        }

        foreach (var monitor in manifests.OfKind("ServiceMonitor"))
        {
            var selector = monitor.Root.Strings("spec.selector.matchLabels");
            var service = Assert.Single(manifests.OfKind("Service"), s => Has(s.Root.Strings("metadata.labels"), selector));
            Assert.Contains(service.Root.List("spec.ports"), p => p.Text("name") == monitor.Value("spec.endpoints.0.port"));
        }
    }

    [Theory]
    [MemberData(nameof(ValuesSets.All), MemberType = typeof(ValuesSets))]
    public async Task A_selector_of_a_service_finds_one_workload_and_its_ports_are_there(string values)
    {
        var manifests = await Helm.RenderAsync(values);
        foreach (var service in manifests.OfKind("Service"))
        {
            var selector = service.Root.Strings("spec.selector");
            var backends = manifests.OfKind("Deployment").Where(d => Has(d.Root.Strings("spec.template.metadata.labels"), selector)).ToArray();
            Assert.Equal(service.Name.EndsWith("-metrics", StringComparison.Ordinal) ? manifests.OfKind("Deployment").Count() : 1, backends.Length);
            foreach (var port in service.Root.List("spec.ports"))
            {
                Assert.All(backends, backend => Assert.Contains(
                    backend.Root.List("spec.template.spec.containers.0.ports"), p => p.Text("name") == port.Text("targetPort")));
            }
        }
    }

    [Theory]
    [MemberData(nameof(ValuesSets.All), MemberType = typeof(ValuesSets))]
    public async Task Probes_mounts_and_references_lead_somewhere(string values)
    {
        var manifests = await Helm.RenderAsync(values);
        var own = manifests.All.Where(m => m.Kind is "Secret" or "ConfigMap").Select(m => m.Name).ToHashSet();
        var valueText = await File.ReadAllTextAsync(Path.Combine(Repository.Chart, values)) + Repository.Read("helm/firezone-orleans/values.yaml");
        foreach (var (owner, pod) in manifests.Pods)
        {
            var volumes = pod.List("volumes").Select(v => v.Text("name")).ToHashSet();
            foreach (var container in pod.List("containers").Concat(pod.List("initContainers")))
            {
                var ports = container.List("ports").Select(p => p.Text("name")).ToHashSet();
                Assert.Equal(ports.Count, container.List("ports").Select(p => p.Text("containerPort")).Distinct().Count());
                foreach (var probe in new[] { "startupProbe", "livenessProbe", "readinessProbe" })
                {
                    if (container.Find(probe) is not null)
                        Assert.True(ports.Contains(container.Text($"{probe}.httpGet.port")), $"{owner}: the port of {probe} is missing");
                }

                Assert.All(container.List("volumeMounts"), mount => Assert.Contains(mount.Text("name"), volumes));
                Assert.Equal(container.List("env").Count(), container.Environment().Count);
                foreach (var secret in container.List("env").Select(e => e.Find("valueFrom.secretKeyRef")).OfType<YamlMappingNode>())
                    AssertKnown(secret.Text("name")!, secret.Text("key"));
            }

            foreach (var secret in pod.List("volumes").Select(v => v.Text("secret.secretName")).OfType<string>())
                AssertKnown(secret, null);
            Assert.True(
                pod.Text("serviceAccountName") is "default" or null || values.Contains("external", StringComparison.Ordinal)
                || manifests.OfKind("ServiceAccount").Any(a => a.Name == pod.Text("serviceAccountName")),
                $"{owner}: its service account is not made");

            // The chart makes no secret: each one that is used is named among the values, and so is its key.
            void AssertKnown(string name, string? key)
            {
                var isNamed = own.Contains(name) || valueText.Contains($"name: {name}", StringComparison.Ordinal);
                Assert.True(isNamed, $"{owner} uses the secret {name}, which nobody names");
                Assert.True(key is null || valueText.Contains($": {key}", StringComparison.Ordinal), $"{owner} uses the key {key}, which nobody names");
            }
        }
    }

    [Theory]
    [MemberData(nameof(ValuesSets.All), MemberType = typeof(ValuesSets))]
    public async Task Every_variable_is_a_setting_of_the_programs(string values)
    {
        var settings = ProgramSettings.All.ToHashSet();
        foreach (var (owner, pod) in (await Helm.RenderAsync(values)).Pods)
        {
            foreach (var name in pod.Find("containers.0")!.Environment().Keys.Except(["POD_NAME", "POD_NAMESPACE", "HTTP_PROXY"]))
                Assert.True(ProgramSettings.IsKnown(settings, name), $"{owner}: {name} is no setting");
        }
    }

    [Theory]
    [MemberData(nameof(ValuesSets.All), MemberType = typeof(ValuesSets))]
    public async Task Every_pod_of_the_chart_is_hardened_and_bounded(string values)
    {
        foreach (var (owner, pod) in (await Helm.RenderAsync(values)).Pods)
        {
            Assert.Equal("true", pod.Text("securityContext.runAsNonRoot"));
            Assert.Equal("RuntimeDefault", pod.Text("securityContext.seccompProfile.type"));
            Assert.Equal("false", pod.Text("automountServiceAccountToken"));
            var container = pod.Find("containers.0");
            Assert.Equal("true", container.Text("securityContext.readOnlyRootFilesystem"));
            Assert.Equal("false", container.Text("securityContext.allowPrivilegeEscalation"));
            Assert.Equal("ALL", container.Text("securityContext.capabilities.drop.0"));
            Assert.NotNull(container.Find("resources.limits.memory"));
            Assert.DoesNotContain(":latest", container.Text("image"), StringComparison.Ordinal);
            if (owner.Kind is "Deployment")
                Assert.Contains(container.List("volumeMounts"), m => m.Text("mountPath") == "/tmp");
        }
    }

    [Theory]
    [MemberData(nameof(ValuesSets.All), MemberType = typeof(ValuesSets))]
    public async Task Scalers_routes_and_ingresses_name_what_is_there(string values)
    {
        var manifests = await Helm.RenderAsync(values);
        Assert.All(manifests.OfKind("HorizontalPodAutoscaler"), scaler =>
        {
            var target = manifests.Single("Deployment", scaler.Value("spec.scaleTargetRef.name")!);
            Assert.Null(target.Find("spec.replicas"));
        });
        foreach (var ingress in manifests.OfKind("Ingress"))
        {
            Assert.All(ingress.Root.List("spec.rules"), rule =>
            {
                var service = manifests.Single("Service", rule.Text("http.paths.0.backend.service.name")!);
                Assert.Contains(service.Root.List("spec.ports"), p => p.Text("name") == rule.Text("http.paths.0.backend.service.port.name"));
            });
        }

        foreach (var route in manifests.OfKind("HTTPRoute"))
        {
            var service = manifests.Single("Service", route.Value("spec.rules.0.backendRefs.0.name")!);
            Assert.Contains(service.Root.List("spec.ports"), p => p.Text("port") == route.Value("spec.rules.0.backendRefs.0.port"));
        }

        Assert.All(
            manifests.All.Where(m => m.Find("spec.targetRef") is not null),
            policy => manifests.Single(policy.Value("spec.targetRef.kind")!, policy.Value("spec.targetRef.name")!));
    }

    private static bool Has(Dictionary<string, string> labels, Dictionary<string, string> selector) =>
        selector.All(wanted => labels.GetValueOrDefault(wanted.Key) == wanted.Value);
}
