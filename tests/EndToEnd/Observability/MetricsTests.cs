using System.Diagnostics.Metrics;
using System.Net;
using System.Text.RegularExpressions;
using Firezone.EndToEnd.Processes;
using Firezone.Shared.Certificates;
using Firezone.Shared.Peers;
using Microsoft.Extensions.DependencyInjection;

namespace Firezone.EndToEnd.Observability;

/// <summary>The table in <c>docs/metrics.md</c> against a node that runs.</summary>
[Collection("Observability")]
public sealed partial class MetricsTests
{
    private static readonly Match[] Rows = [.. Row().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "metrics.md"))).Cast<Match>()];

    [Fact]
    public async Task The_table_has_the_instruments_that_exist_and_their_scrape_those_that_it_marks()
    {
        using var authority = new TestAuthority();
        using var certificates = new CertificateFolder(authority.Issue(), authority.Pem);
        await using var node = await ObservedNode.StartAsync(
            ("OTEL_METRICS_EXPORTER", "prometheus"),
            ("Tls:Certificate", certificates.Certificate),
            ("Tls:Key", certificates.Key),
            ("Tls:Authority", certificates.Authority));
        var (_, client, gateway) = await node.ServeFlowAsync();
        using (client)
        using (gateway)
        {
            var exist = Instruments(node.Services.GetRequiredService<IMeterFactory>());
            Assert.Equal(exist.Order(), Rows.Select(r => $"{r.Groups["name"].Value} {r.Groups["kind"].Value} {r.Groups["unit"].Value}").Order());

            using var http = new HttpClient();
            var scrape = await http.GetStringAsync($"http://127.0.0.1:{node.HealthPort}/metrics");
            var seen = Family().Matches(scrape).Select(m => m.Groups[1].Value).ToArray();
            Assert.All(
                Rows.Where(r => r.Groups["always"].Success),
                row => Assert.Contains(seen, family => family.StartsWith(row.Groups["name"].Value.Replace('.', '_'), StringComparison.Ordinal)));
            Assert.Contains("firezone_frontend_bytes_sent_bytes_total", seen);
            Assert.Contains(seen, family => family.StartsWith("orleans_", StringComparison.Ordinal) && !family.Contains("membership", StringComparison.Ordinal));
            Assert.Contains(seen, family => family.StartsWith("db_client_", StringComparison.Ordinal));
            Assert.Contains(seen, family => family.StartsWith("dotnet_gc_", StringComparison.Ordinal));
            Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync($"http://127.0.0.1:{node.Port}/metrics")).StatusCode);
            Assert.DoesNotContain(Connect.PublicKey, scrape);
        }
    }

    private static List<string> Instruments(IMeterFactory meters)
    {
        var found = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                var isOurs = instrument.Meter.Name.StartsWith("Firezone.", StringComparison.Ordinal) || instrument.Meter.Name == "Orleans.Membership.Postgres";
                if (isOurs && ReferenceEquals(instrument.Meter.Scope, meters))
                    found.Add($"{instrument.Name} {Kind(instrument)} {instrument.Unit}");
                Assert.False(isOurs && string.IsNullOrEmpty(instrument.Description), instrument.Name);
            },
        };
        listener.Start();
        return found;
    }

    private static string Kind(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Counter" => "counter",
        "UpDownCounter" => "up-down counter",
        "Histogram" => "histogram",
        "Gauge" or "ObservableGauge" => "gauge",
        var other => other,
    };

    [GeneratedRegex(@"^\| `(?<name>[a-z_.]+)` \| (?<always>● )?\| (?<kind>[a-z-]+(?: [a-z-]+)?) \| (?<unit>\S+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^# TYPE (\S+) ", RegexOptions.Multiline)]
    private static partial Regex Family();
}
