using Firezone.Deploy.Tests.Support;
using Firezone.Gateway.WebSockets.Options;
using YamlDotNet.RepresentationModel;

namespace Firezone.Deploy.Tests.Chart;

/// <summary>What values change.</summary>
public sealed class LogicTests
{
    private const string Silo = "release-firezone-orleans-silo";
    private const string FrontEnd = "release-firezone-orleans-front-end";

    [Theory]
    [InlineData("5", "20", "50")]
    [InlineData("0", "5", "45")]
    [InlineData("60", "20", "90")]
    [InlineData("2.5", "20.1", "51")]
    public async Task The_grace_period_is_what_pre_stop_drain_and_stop_need_and_ten_seconds(string least, string longest, string grace)
    {
        var manifests = await Helm.RenderAsync(null, $"frontEnd.drain.seconds:={least}", $"frontEnd.drain.maxSeconds:={longest}");
        Assert.Equal(grace, manifests.Single("Deployment", Silo).Value("spec.template.spec.terminationGracePeriodSeconds"));
    }

    [Fact]
    public async Task The_stop_is_reckoned_as_the_program_does()
    {
        foreach (var (least, longest) in new[] { (5, 20), (0, 5), (60, 20), (1, 300) })
        {
            var deadline = Deadlines.Of(new FrontEndOptions { DrainSeconds = least, DrainMaxSeconds = longest });
            var manifests = await Helm.RenderAsync(
                null, $"frontEnd.drain.seconds={least}", $"frontEnd.drain.maxSeconds={longest}", "silo.preStopSeconds=0");
            var grace = manifests.Single("Deployment", Silo).Value("spec.template.spec.terminationGracePeriodSeconds");
            Assert.Equal($"{deadline.TotalSeconds + 10}", grace);
        }
    }

    [Fact]
    public async Task Co_hosted_silos_serve_sockets_and_there_are_no_front_ends()
    {
        var manifests = await Helm.RenderAsync(null);
        Assert.Equal([Silo], manifests.OfKind("Deployment").Select(d => d.Name));
        var container = Container(manifests, Silo);
        Assert.Equal("true", container.Environment()["Silo__FrontEnd"]);
        Assert.Contains(container.List("ports"), p => p.Text("name") == "sockets");
        Assert.Equal("silo", manifests.Single("Service", "release-firezone-orleans").Root.Strings("spec.selector")["app.kubernetes.io/component"]);
    }

    [Fact]
    public async Task Separate_front_ends_serve_sockets_and_silos_have_none()
    {
        var manifests = await Helm.RenderAsync(null, "mode=separate");
        var (silo, frontEnd) = (Container(manifests, Silo), Container(manifests, FrontEnd));
        Assert.Equal("false", silo.Environment()["Silo__FrontEnd"]);
        Assert.DoesNotContain(silo.Environment().Keys, name => name.StartsWith("FrontEnd__", StringComparison.Ordinal));
        Assert.DoesNotContain(silo.List("ports"), p => p.Text("name") == "sockets");
        Assert.DoesNotContain("Admin__Url", frontEnd.Environment().Keys);
        Assert.DoesNotContain(frontEnd.Environment().Keys, name => name.StartsWith("Silo__", StringComparison.Ordinal));
        Assert.Equal("firezone-orleans/front-end:0.1.0", frontEnd.Text("image"));
        Assert.Equal("front-end", manifests.Single("Service", "release-firezone-orleans").Root.Strings("spec.selector")["app.kubernetes.io/component"]);
        Assert.Equal("45", manifests.Single("Deployment", Silo).Value("spec.template.spec.terminationGracePeriodSeconds"));
    }

    [Fact]
    public async Task Silos_advertise_their_pods_or_their_nodes()
    {
        var pods = await Helm.RenderAsync(null);
        var node = await Helm.RenderAsync(null, "siloTraffic.advertise=HostIP");
        Assert.Equal("status.podIP", Advertised(pods).Text("valueFrom.fieldRef.fieldPath"));
        Assert.Equal("status.hostIP", Advertised(node).Text("valueFrom.fieldRef.fieldPath"));
        Assert.Equal("false", Container(pods, Silo).Environment()["Silo__ListenOnAnyAddress"]);
        Assert.Equal("true", Container(node, Silo).Environment()["Silo__ListenOnAnyAddress"]);
        Assert.DoesNotContain(Container(pods, Silo).List("ports"), p => p.Find("hostPort") is not null);
        Assert.Equal(["11111", "30000"], Container(node, Silo).List("ports").Select(p => p.Text("hostPort")).OfType<string>());
        Assert.Equal("0", node.Single("Deployment", Silo).Value("spec.strategy.rollingUpdate.maxSurge"));
        Assert.Equal("1", pods.Single("Deployment", Silo).Value("spec.strategy.rollingUpdate.maxSurge"));

        static YamlNode Advertised(Manifests manifests) =>
            Assert.Single(Container(manifests, Silo).List("env"), e => e.Text("name") == "Silo__AdvertisedAddress");
    }

    [Fact]
    public async Task The_two_clouds_form_one_cluster()
    {
        var (gcp, azure) = (await Helm.RenderAsync("values-gcp.yaml"), await Helm.RenderAsync("values-azure.yaml"));
        foreach (var workload in new[] { Silo, FrontEnd })
        {
            var (one, other) = (Container(gcp, workload).Environment(), Container(azure, workload).Environment());
            foreach (var name in new[] { "Orleans__ClusterId", "Orleans__ServiceId", "Tls__Authority" })
                Assert.Equal(one[name], other[name]);
        }

        Assert.Equal("gcp/us-east1", Container(gcp, Silo).Environment()["Firezone__Region"]);
        Assert.Equal("azure/eastus", Container(azure, Silo).Environment()["Firezone__Region"]);
        Assert.Equal("3600", azure.OfKind("Ingress").Single().Root.Strings("metadata.annotations")["nginx.ingress.kubernetes.io/proxy-read-timeout"]);
        Assert.Equal("86400", gcp.OfKind("GCPBackendPolicy").Single().Value("spec.default.timeoutSec"));
    }

    [Fact]
    public async Task Silo_traffic_has_certificates_unless_it_was_decided_otherwise()
    {
        var with = Container(await Helm.RenderAsync(null), Silo);
        Assert.Equal("/etc/firezone/silo-tls/tls.crt", with.Environment()["Tls__Certificate"]);
        Assert.Contains(with.List("volumeMounts"), m => m.Text("mountPath") == "/etc/firezone/silo-tls" && m.Text("readOnly") == "true");
        var without = Container(await Helm.RenderAsync(null, "siloTraffic.tls.enabled=false"), Silo);
        Assert.Equal("true", without.Environment()["Tls__AllowPlaintext"]);
        Assert.False(without.Environment().ContainsKey("Tls__Certificate"));
        Assert.DoesNotContain(without.List("volumeMounts"), m => m.Text("name") == "silo-tls");
    }

    [Fact]
    public async Task The_database_is_migrated_before_install_and_upgrade_and_a_job_needs_nothing_that_the_chart_makes()
    {
        var job = (await Helm.RenderAsync("ci/everything-on-values.yaml")).OfKind("Job").Single();
        Assert.Equal("pre-install,pre-upgrade", job.Root.Strings("metadata.annotations")["helm.sh/hook"]);
        Assert.Equal("migrate", job.Value("spec.template.spec.containers.0.args.0"));
        Assert.Equal("default", job.Value("spec.template.spec.serviceAccountName"));
        Assert.Empty((await Helm.RenderAsync(null, "migration.enabled=false")).OfKind("Job"));
    }

    [Fact]
    public async Task An_alert_can_be_left_out_and_all_can_be_labelled()
    {
        var rule = (await Helm.RenderAsync("ci/everything-on-values.yaml")).OfKind("PrometheusRule").Single();
        var alerts = rule.Root.List("spec.groups").SelectMany(g => g.List("rules")).ToArray();
        Assert.DoesNotContain(alerts, a => a.Text("alert") == "FirezoneStorm");
        Assert.True(alerts.Length > 15);
        Assert.All(alerts, a => Assert.Equal("network", a.Text("labels.team")));
        Assert.All(alerts, a => Assert.NotNull(a.Text("annotations.summary")));
    }

    [Fact]
    public async Task A_digest_wins_over_a_tag()
    {
        var digest = $"sha256:{new string('a', 64)}";
        var manifests = await Helm.RenderAsync(null, "image.registry=r.example:5000/x", "image.tag=v9", $"silo.image.digest={digest}");
        Assert.Equal($"r.example:5000/x/firezone-orleans/silo@{digest}", Container(manifests, Silo).Text("image"));
    }

    [Fact]
    public async Task Ports_that_are_switched_off_are_nowhere()
    {
        var manifests = await Helm.RenderAsync("ci/plain-text-values.yaml");
        Assert.Equal(["release-firezone-orleans"], manifests.OfKind("Service").Select(s => s.Name));
        Assert.Equal("", Container(manifests, Silo).Environment()["Admin__Url"]);
        Assert.Equal(["health", "sockets", "silo", "orleans"], Container(manifests, Silo).List("ports").Select(p => p.Text("name")));
        Assert.Equal("none", Container(manifests, Silo).Environment()["OTEL_METRICS_EXPORTER"]);
    }

    [Fact]
    public async Task Pre_stop_sleeps_without_a_shell_or_not_at_all()
    {
        Assert.Equal("5", Container(await Helm.RenderAsync(null), Silo).Text("lifecycle.preStop.sleep.seconds"));
        Assert.Null(Container(await Helm.RenderAsync(null, "silo.preStopSeconds=0"), Silo).Find("lifecycle"));
    }

    private static YamlNode Container(Manifests manifests, string deployment) =>
        manifests.Single("Deployment", deployment).Find("spec.template.spec.containers.0")!;
}
