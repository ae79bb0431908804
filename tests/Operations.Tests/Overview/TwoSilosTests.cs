using System.Net;
using Firezone.Grains.Status;
using Firezone.Operations.Tests.Support;
using Firezone.Shared;
using Orleans.Runtime;

namespace Firezone.Operations.Tests.Overview;

/// <summary>The whole cluster from one silo's page.</summary>
public sealed class TwoSilosTests
{
    [Fact]
    public async Task One_page_shows_all_silos_and_front_ends_and_who_has_left()
    {
        await using var first = await OperationsNode.StartAsync();
        await using (await OperationsNode.StartAsync(
            first.ConnectionString,
            ("FrontEnd:Name", "front-end-2"),
            ("FrontEnd:Region", "azure/eastus"),
            ("Firezone:Region", "azure/eastus")))
        {
            var html = await WhenAsync(first, "<dt>Silos active</dt><dd>2</dd>", "front-end-2");
            Assert.Contains("<th scope=\"rowgroup\" colspan=\"9\">azure/eastus</th>", html, StringComparison.Ordinal);
            Assert.Contains("<th scope=\"rowgroup\" colspan=\"9\">gcp/us-east1</th>", html, StringComparison.Ordinal);
            Assert.DoesNotContain("not answering", html, StringComparison.Ordinal);
        }

        var after = await WhenAsync(first, "<dt>Silos active</dt><dd>1</dd>", "is gone");
        Assert.Contains("leaves", after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_that_does_not_answer_is_not_waited_for()
    {
        await using var node = await OperationsNode.StartAsync();
        var nobody = SiloAddress.New(IPAddress.Loopback, ServerPort.Next(), 1);
        var asking = node.Service<SiloReports>().AskAsync(nobody, TimeSpan.FromSeconds(1));
        Assert.Null(await asking.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    private static async Task<string> WhenAsync(OperationsNode node, params string[] texts)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        string html;
        do
        {
            limit.Token.ThrowIfCancellationRequested();
            using var response = await node.SendAsync("/", node.Token);
            html = await response.Content.ReadAsStringAsync(limit.Token);
        }
        while (!texts.All(text => html.Contains(text, StringComparison.Ordinal)));
        return html;
    }
}
