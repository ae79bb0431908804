using Firezone.Deploy.Tests.Support;
using Firezone.Shared;
using YamlDotNet.RepresentationModel;

namespace Firezone.Deploy.Tests.Chart;

/// <summary>The programs run with what the chart gives them: the migration, the pods with their probes, the chart's own test.</summary>
public sealed class RunTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("coHosted", "PodIP")]
    [InlineData("separate", "HostIP")]
    public async Task What_the_chart_renders_comes_up_becomes_ready_serves_sockets_and_stops(string mode, string advertise)
    {
        var secrets = new Dictionary<(string, string), string> { [("firezone-database", "connectionString")] = postgres.MissingDatabase() };
        var (sockets, health, frontEndHealth) = (ServerPort.Next(), ServerPort.Next(), ServerPort.Next());
        string[] values =
        [
            $"mode={mode}", $"siloTraffic.advertise={advertise}", $"siloTraffic.port={ServerPort.Next()}", $"siloTraffic.gatewayPort={ServerPort.Next()}",
            $"frontEnd.port={sockets}", $"admin.port={ServerPort.Next()}", $"operations.port={ServerPort.Next()}", "siloTraffic.tls.enabled=false",
        ];
        var manifests = await Helm.RenderAsync(null, [.. values, $"health.port={health}"]);
        // Two pods on one machine: the other one's health port.
        var others = await Helm.RenderAsync(null, [.. values, $"health.port={frontEndHealth}"]);

        await using (var migration = PodProcess.Start("Silos", manifests.OfKind("Job").Single().Find("spec.template.spec.containers.0")!, secrets))
            Assert.True(await migration.ExitAsync() == 0, migration.Output);

        await using var silo = PodProcess.Start("Silos", Container(manifests, "silo"), secrets);
        await using var frontEnd = mode is "separate" ? PodProcess.Start("Gateway.WebSockets", Container(others, "front-end"), secrets) : null;
        await silo.ReadyAsync();
        if (frontEnd is not null)
            await frontEnd.ReadyAsync();

        var test = manifests.Single("Pod", "release-firezone-orleans-test").Find("spec.containers.0")!;
        ((YamlScalarNode)test.Find("args.1")!).Value = $"ws://127.0.0.1:{sockets}";
        await using (var check = PodProcess.Start("Silos", test, secrets))
            Assert.True(await check.ExitAsync() == 0, check.Output);

        using var http = new HttpClient();
        Assert.Contains("orleans_membership_silos{", await http.GetStringAsync($"http://127.0.0.1:{health}/metrics"), StringComparison.Ordinal);
        if (frontEnd is not null)
            Assert.True(await frontEnd.StopAsync() == 0, frontEnd.Output);
        Assert.True(await silo.StopAsync() == 0, silo.Output);
    }

    private static YamlNode Container(Manifests manifests, string component) =>
        manifests.Single("Deployment", $"release-firezone-orleans-{component}").Find("spec.template.spec.containers.0")!;
}
