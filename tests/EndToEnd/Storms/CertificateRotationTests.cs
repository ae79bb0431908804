using Firezone.Shared.Certificates;
using Xunit.Abstractions;

namespace Firezone.EndToEnd.Storms;

/// <summary>A cluster moves from one authority to another while devices ask for flows.</summary>
[Collection(StormsCollection.Name)]
public sealed class CertificateRotationTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    [Trait("Form", "Long")]
    public async Task Certificates_and_their_authority_are_replaced_under_load_and_nobody_notices()
    {
        using var old = new TestAuthority("Old authority");
        using var next = new TestAuthority("Next authority");
        using var folder = new CertificateFolder(old.Issue(), old.Pem);
        await using var ensemble = await Ensemble.CreateAsync();
        var population = await Population.CreateAsync(ensemble.ConnectionString, clients: 60, gateways: 4, resources: 10);
        await ensemble.StartAsync(silos: 2, frontEnds: 1, folder.Settings);
        await using var balancer = new Balancer(ensemble.FrontEnds);
        await using var crowd = new Crowd(balancer, population.Resources, seed: 4);
        await crowd.ConnectAsync(population.Gateways);
        await crowd.ConnectAsync(population.Clients, watched: true, asking: true);
        await crowd.WhenAllReadyAsync(Patience);
        await crowd.AskAsync(perSecond: 20);
        await crowd.WhenAsync(() => crowd.Figures.Flows.Count >= 20, Patience, "at work");

        (TestCertificate Certificate, string Authority)[] steps =
            [(old.Issue(), old.Pem + next.Pem), (next.Issue(), old.Pem + next.Pem), (next.Issue(), next.Pem)];
        for (var i = 0; i < steps.Length; i++)
        {
            folder.Put(steps[i].Certificate, steps[i].Authority);
            foreach (var node in ensemble.Silos.Concat(ensemble.FrontEnds))
                await node.Process.LinesAsync(line => line.Contains("New connections to silos use certificate", StringComparison.Ordinal), i + 2);
            var granted = crowd.Figures.Flows.Count;
            await crowd.WhenAsync(() => crowd.Figures.Flows.Count >= granted + 20, Patience, "at work");
        }

        // A silo that knows the new authority only meets all others on new connections.
        await ensemble.AddSiloAsync(folder.Settings);
        var before = crowd.Figures.Flows.Count;
        await crowd.WhenAsync(() => crowd.Figures.Flows.Count >= before + 60, Patience, "at work with the new silo");
        await crowd.AskAsync(perSecond: 0);
        await crowd.WhenNoFlowAsync(Patience);
        var figures = await crowd.TakeAsync();
        output.WriteLine($"{figures}");

        Assert.Equal(0, figures.Losses.Total);
        Assert.Equal(0, figures.Unanswered);
        Assert.Equal(0, figures.FlowFailures.Total);
        Assert.All(
            ensemble.Silos.Concat(ensemble.FrontEnds),
            node => Assert.DoesNotContain("was turned away", node.Process.Output, StringComparison.Ordinal));
    }
}
