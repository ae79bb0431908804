using Firezone.Deploy.Tests.Support;

namespace Firezone.Deploy.Tests.Chart;

/// <summary>A wrong value fails before anything is installed, with a message that names it.</summary>
public sealed class RefusalTests
{
    // A value and what the message has to say. What has ":=" is JSON.
    private static readonly (string Set, string Named)[] Wrong =
    [
        ("silo.replcas=3", "replcas"),
        ("unknown=1", "unknown"),
        ("silo.replicas=-1", "replicas"),
        ("silo.replicas=three", "replicas"),
        ("mode=both", "mode"),
        ("ipFamily=IPv5", "ipFamily"),
        ("cluster.id=Not_A_Name", "id"),
        ("cluster.region=", "region"),
        ("database.existingSecret.name=", "name"),
        ("database.connectionString=Host=x", "connectionString"),
        ("database.waitSeconds=300", "database.waitSeconds is 300: the startup probe (silo.startupProbe) ends a pod after 300"),
        ("siloTraffic.port=70000", "port"),
        ("siloTraffic.advertise=Service", "advertise"),
        ("siloTraffic.tls.existingSecret.name=", "siloTraffic.tls.existingSecret.name is empty"),
        ("siloTraffic.tls.certManager.enabled=true", "siloTraffic.tls.certManager.issuerRef.name is empty"),
        ("siloTraffic.gatewayPort=11111", "are both 11111"),
        ("frontEnd.drain.seconds=301", "seconds"),
        ("frontEnd.basePath=api", "basePath"),
        ("frontEnd.trustedProxies={example.com}", "trustedProxies"),
        ("frontEnd.service.type=External", "type"),
        ("frontEnd.config.FrontEnd__MaxFrameBytes=1", "frontEnd.config has settings, but mode is coHosted"),
        ("frontEnd.autoscaling.enabled=true", "frontEnd.autoscaling.enabled is true, but mode is coHosted"),
        ("silo.terminationGracePeriodSeconds=39",
            "silo.terminationGracePeriodSeconds is 39: silo.preStopSeconds (5) and an orderly stop (35, from frontEnd.drain) need 40"),
        ("silo.config.FrontEnd__DrianSeconds=5", "silo.config.FrontEnd__DrianSeconds: this release has no such setting"),
        ("config.FrontEnd__DrainSeconds=5", "config.FrontEnd__DrainSeconds: the chart sets this by itself"),
        ("config.Membership__ConnectionString=x", "config.Membership__ConnectionString: this release has no such setting"),
        ("""silo.extraEnv:=[{"name":"Silo__Port","value":"1"}]""", "silo.extraEnv sets Silo__Port, which is set already"),
        ("""silo.autoscaling:={"enabled":true,"minReplicas":9,"maxReplicas":3}""", "silo.autoscaling.minReplicas is 9, more than maxReplicas, 3"),
        ("""silo.autoscaling:={"enabled":true,"targetCPUUtilization":0}""", "silo.autoscaling has no metric"),
        ("""silo.resources.requests:={"cpu":"lots"}""", "cpu"),
        ("silo.livenessProbe.path=/healthz", "path"),
        ("silo.podDisruptionBudget.maxUnavailable=many", "maxUnavailable"),
        ("operations.oidc.authority=https://login.example", "operations.oidc.authority needs operations.oidc.clientId"),
        ("operations.oidc.requiredClaim=groups", "operations.oidc.requiredClaim and operations.oidc.requiredValue go together"),
        ("operations.publicUrl=ops.example.com", "publicUrl"),
        ("ingress.enabled=true", "ingress.hosts is empty"),
        ("ingress.webSocketTimeoutSeconds=60", "ingress.webSocketTimeoutSeconds is 60: clients may be silent for 307 seconds"),
        ("ingress.controller=apache", "controller"),
        ("gateway.enabled=true", "gateway.parentRefs is empty"),
        ("gateway.gke=true", "gateway.gke is true while gateway.enabled is false"),
        ("metrics.prometheusRule.disabled={Nothing}", "metrics.prometheusRule.disabled names Nothing"),
        ("metrics.serviceMonitor.interval=often", "interval"),
        ("networkPolicy.clusterCIDRs={everywhere}", "clusterCIDRs"),
        ("otlp.endpoint=collector:4317", "endpoint"),
        ("otlp.traceRatio=2", "traceRatio"),
        ("logLevel.Default=Loud", "Default"),
        ("image.tag=a b", "tag"),
        ("silo.image.digest=sha256:abc", "digest"),
        ("tests.token.existingSecret.name=UPPER", "name"),
    ];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var (set, named) in Wrong)
                cases.Add(set, named);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_wrong_value_is_refused_by_name(string set, string named)
    {
        foreach (var version in Helm.Versions)
        {
            var result = await Helm.TemplateAsync(version, null, set);
            Assert.True(result.ExitCode != 0, $"Helm {version} took {set}");
            Assert.Contains(named, result.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_grace_period_is_checked_in_the_workload_with_the_sockets()
    {
        var silo = await Helm.TemplateAsync(4, "ci/separate-values.yaml", "silo.terminationGracePeriodSeconds=30");
        Assert.True(silo.ExitCode == 0, silo.Errors);
        var frontEnd = await Helm.TemplateAsync(4, "ci/separate-values.yaml", "frontEnd.terminationGracePeriodSeconds=79");
        Assert.Contains("frontEnd.terminationGracePeriodSeconds is 79", frontEnd.Errors, StringComparison.Ordinal);
        Assert.Contains("(75, from frontEnd.drain) need 80", frontEnd.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_old_Kubernetes_is_refused()
    {
        var result = await Helm.RunAsync(4, "template", "release", Repository.Chart, "--kube-version", "1.29.0");
        Assert.Contains("1.30", result.Errors, StringComparison.Ordinal);
    }
}
