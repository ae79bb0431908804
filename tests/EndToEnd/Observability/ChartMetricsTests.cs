using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Firezone.EndToEnd.Processes;
using Microsoft.Extensions.DependencyInjection;

namespace Firezone.EndToEnd.Observability;

/// <summary>The dashboard and the alerts that come with the chart, against <c>/metrics</c> of a node that runs.</summary>
[Collection("Observability")]
public sealed partial class ChartMetricsTests
{
    private static readonly string Files = Path.Combine(Repository.Root, "helm", "firezone-orleans", "files");

    [Fact]
    public async Task Every_metric_of_the_dashboard_and_of_the_alerts_exists_on_a_node_that_runs()
    {
        await using var node = await ObservedNode.StartAsync(("OTEL_METRICS_EXPORTER", "prometheus"), (ObservedNode.OwnReplica, "true"));
        var (_, client, gateway) = await node.ServeFlowAsync();
        using (client)
        using (gateway)
        {
            var unseen = Touch(node.Services.GetRequiredService<IMeterFactory>());
            using var http = new HttpClient();
            var scrape = await http.GetStringAsync($"http://127.0.0.1:{node.HealthPort}/metrics");
            var seen = Sample().Matches(scrape).Select(m => m.Groups[1].Value).ToHashSet();

            var wanted = Expressions().SelectMany(e => Metric().Matches(Label().Replace(e, ""))).Select(m => m.Value).Distinct().ToArray();
            Assert.True(wanted.Length > 50, string.Join(", ", wanted));
            Assert.All(wanted, name => Assert.True(seen.Contains(name) || unseen.Contains(name), name));
        }
    }

    [Fact]
    public void Every_instrument_that_is_worth_an_alert_is_on_the_dashboard()
    {
        var dashboard = File.ReadAllText(Path.Combine(Files, "dashboard.json"));
        var alerts = File.ReadAllText(Path.Combine(Files, "alerts.yaml"));
        Assert.All(
            Metric().Matches(Label().Replace(alerts, "")).Select(m => Base(m.Value)).Distinct(),
            name => Assert.Contains(name, dashboard, StringComparison.Ordinal));
    }

    private static string Base(string name) => name.EndsWith("_count", StringComparison.Ordinal) ? name[..^"_count".Length] : name;

    private static IEnumerable<string> Expressions()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Files, "dashboard.json")));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().Where(p => p.TryGetProperty("targets", out _)).ToArray();
        Assert.All(panels, panel => Assert.NotEmpty(panel.GetProperty("targets").EnumerateArray()));
        var expressions = panels.SelectMany(p => p.GetProperty("targets").EnumerateArray()).Select(t => t.GetProperty("expr").GetString()!)
            .Append(dashboard.RootElement.GetProperty("templating").GetProperty("list")[1].GetProperty("query").GetProperty("query").GetString()!)
            .Append(AlertTexts().Replace(File.ReadAllText(Path.Combine(Files, "alerts.yaml")), ""));
        return [.. expressions];
    }

    /// <summary>Lets every instrument that shows with its first event show now, with nothing.</summary>
    /// <returns>Names of those that cannot be made to: they are looked at, and have nothing to say in a node without trouble.</returns>
    private static HashSet<string> Touch(IMeterFactory meters)
    {
        var observed = new HashSet<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (!ReferenceEquals(instrument.Meter.Scope, meters) || instrument.Meter.Name is "Microsoft.Orleans" or "Npgsql")
                    return;
                if (instrument.IsObservable)
                    observed.Add(instrument.Name.Replace('.', '_') + (instrument.Unit is "s" ? "_seconds" : ""));
                else
                    Record((dynamic)instrument);
            },
        };
        listener.Start();
        return observed;
    }

    private static void Record<T>(Counter<T> counter)
        where T : struct => counter.Add(default);

    private static void Record<T>(UpDownCounter<T> counter)
        where T : struct => counter.Add(default);

    private static void Record<T>(Histogram<T> histogram)
        where T : struct => histogram.Record(default);

    private static void Record<T>(Gauge<T> gauge)
        where T : struct => gauge.Record(default);

    private static void Record(Instrument other) => Assert.Fail($"{other.Name} is a {other.GetType().Name}: how does it show?");

    // Of a family: histograms have _bucket, _sum and _count.
    [GeneratedRegex(@"^([a-z_]+)[{ ]", RegexOptions.Multiline)]
    private static partial Regex Sample();

    [GeneratedRegex(@"\b(?:firezone|orleans|dotnet|db_client)_[a-z_]+")]
    private static partial Regex Metric();

    // Labels of a selector or of a grouping.
    [GeneratedRegex(@"\{[^}]*\}|\bby \([^)]*\)")]
    private static partial Regex Label();

    [GeneratedRegex("^ *(?:summary|description):.*$", RegexOptions.Multiline)]
    private static partial Regex AlertTexts();
}
