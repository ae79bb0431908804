using k8s.Models;

namespace Firezone.Deploy.Tests.Chart;

/// <summary>What the chart uses of objects that are not Kubernetes' own, so that a misspelt field does not get through.</summary>
internal static class CustomResource
{
    public static readonly Dictionary<string, Type> Types = new()
    {
        ["monitoring.coreos.com/v1/ServiceMonitor"] = typeof(Of<ServiceMonitorSpec>),
        ["monitoring.coreos.com/v1/PrometheusRule"] = typeof(Of<PrometheusRuleSpec>),
        ["gateway.networking.k8s.io/v1/HTTPRoute"] = typeof(Of<HttpRouteSpec>),
        ["networking.gke.io/v1/GCPBackendPolicy"] = typeof(Of<GkePolicySpec>),
        ["networking.gke.io/v1/HealthCheckPolicy"] = typeof(Of<GkePolicySpec>),
        ["cloud.google.com/v1/BackendConfig"] = typeof(Of<BackendConfigSpec>),
        ["cert-manager.io/v1/Certificate"] = typeof(Of<CertificateSpec>),
    };

#pragma warning disable CA1812 // Made by the reader of YAML.
    internal sealed class Of<T>
    {
        public string? ApiVersion { get; set; }

        public string? Kind { get; set; }

        public V1ObjectMeta? Metadata { get; set; }

        public T? Spec { get; set; }
    }

    internal sealed class ServiceMonitorSpec
    {
        public string? JobLabel { get; set; }

        public V1LabelSelector? Selector { get; set; }

        public NamespaceSelector? NamespaceSelector { get; set; }

        public List<string>? PodTargetLabels { get; set; }

        public List<Endpoint>? Endpoints { get; set; }
    }

    internal sealed class NamespaceSelector
    {
        public List<string>? MatchNames { get; set; }
    }

    internal sealed class Endpoint
    {
        public string? Port { get; set; }

        public string? Path { get; set; }

        public string? Interval { get; set; }

        public string? ScrapeTimeout { get; set; }
    }

    internal sealed class PrometheusRuleSpec
    {
        public List<RuleGroup>? Groups { get; set; }
    }

    internal sealed class RuleGroup
    {
        public string? Name { get; set; }

        public List<Rule>? Rules { get; set; }
    }

    internal sealed class Rule
    {
        public string? Alert { get; set; }

        public string? Expr { get; set; }

        public string? For { get; set; }

        public Dictionary<string, string>? Labels { get; set; }

        public Dictionary<string, string>? Annotations { get; set; }
    }

    internal sealed class HttpRouteSpec
    {
        public List<ParentRef>? ParentRefs { get; set; }

        public List<string>? Hostnames { get; set; }

        public List<RouteRule>? Rules { get; set; }
    }

    internal sealed class ParentRef
    {
        public string? Name { get; set; }

        public string? Namespace { get; set; }
    }

    internal sealed class RouteRule
    {
        public List<RouteMatch>? Matches { get; set; }

        public RouteTimeouts? Timeouts { get; set; }

        public List<BackendRef>? BackendRefs { get; set; }
    }

    internal sealed class RouteMatch
    {
        public RoutePath? Path { get; set; }
    }

    internal sealed class RoutePath
    {
        public string? Type { get; set; }

        public string? Value { get; set; }
    }

    internal sealed class RouteTimeouts
    {
        public string? Request { get; set; }

        public string? BackendRequest { get; set; }
    }

    internal sealed class BackendRef
    {
        public string? Name { get; set; }

        public int? Port { get; set; }
    }

    internal sealed class GkePolicySpec
    {
        public GkePolicy? Default { get; set; }

        public TargetRef? TargetRef { get; set; }
    }

    internal sealed class GkePolicy
    {
        public int? TimeoutSec { get; set; }

        public Draining? ConnectionDraining { get; set; }

        public int? CheckIntervalSec { get; set; }

        public int? HealthyThreshold { get; set; }

        public int? UnhealthyThreshold { get; set; }

        public GkeHealthCheck? Config { get; set; }
    }

    internal sealed class Draining
    {
        public int? DrainingTimeoutSec { get; set; }
    }

    internal sealed class GkeHealthCheck
    {
        public string? Type { get; set; }

        public GkeHttpHealthCheck? HttpHealthCheck { get; set; }
    }

    internal sealed class GkeHttpHealthCheck
    {
        public string? PortSpecification { get; set; }

        public string? RequestPath { get; set; }
    }

    internal sealed class TargetRef
    {
        public string? Group { get; set; }

        public string? Kind { get; set; }

        public string? Name { get; set; }
    }

    internal sealed class BackendConfigSpec
    {
        public int? TimeoutSec { get; set; }

        public Draining? ConnectionDraining { get; set; }

        public BackendHealthCheck? HealthCheck { get; set; }
    }

    internal sealed class BackendHealthCheck
    {
        public string? Type { get; set; }

        public string? RequestPath { get; set; }

        public int? CheckIntervalSec { get; set; }

        public int? TimeoutSec { get; set; }

        public int? HealthyThreshold { get; set; }

        public int? UnhealthyThreshold { get; set; }
    }

    internal sealed class CertificateSpec
    {
        public string? SecretName { get; set; }

        public string? Duration { get; set; }

        public string? RenewBefore { get; set; }

        public string? CommonName { get; set; }

        public List<string>? DnsNames { get; set; }

        public List<string>? Usages { get; set; }

        public PrivateKey? PrivateKey { get; set; }

        public IssuerRef? IssuerRef { get; set; }
    }

    internal sealed class PrivateKey
    {
        public string? Algorithm { get; set; }

        public int? Size { get; set; }

        public string? RotationPolicy { get; set; }
    }

    internal sealed class IssuerRef
    {
        public string? Name { get; set; }

        public string? Kind { get; set; }

        public string? Group { get; set; }
    }
#pragma warning restore CA1812
}
