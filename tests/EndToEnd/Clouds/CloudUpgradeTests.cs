using System.Net.Sockets;
using Firezone.EndToEnd.Storms;
using Firezone.Shared;
using Firezone.Shared.Certificates;
using Firezone.Shared.Network;
using Xunit.Abstractions;

namespace Firezone.EndToEnd.Clouds;

/// <summary>
/// The delivered program in two clouds with the database outside both, with certificates: each node is a silo that serves sockets, as the
/// chart starts it.
/// </summary>
[Collection(StormsCollection.Name)]
[Trait("Form", "Long")]
public sealed class CloudUpgradeTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Devices = 300;
    private const int FlowsPerSecond = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TestAuthority _authority = new();
    private readonly List<CertificateFolder> _folders = [];
    private readonly List<Node> _nodes = [];
    private TwoClouds _clouds = null!;
    private OwnServer? _server;

    public async Task InitializeAsync()
    {
        _clouds = new TwoClouds();
        _server = await OwnServer.StartOnAsync(_clouds.Database, _clouds.Network);
        _nodes.Add(Node(_clouds.Gcp));
        _nodes.Add(Node(_clouds.Azure));
    }

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        _clouds.Dispose();
        _folders.ForEach(folder => folder.Dispose());
        _authority.Dispose();
    }

    [PublishedNetworkFact]
    public async Task Two_nodes_in_two_clouds_form_one_cluster_and_an_upgrade_under_load_keeps_every_session_rule()
    {
        Assert.NotEqual(Builds.Version(Builds.Old), Builds.Version(Builds.Next));
        var population = await Population.CreateAsync(_server!.ConnectionString, Devices, gateways: 6, resources: 10);
        await Task.WhenAll(_nodes.Select(node => node.StartAsync()));
        Assert.Equal(2, await _server.ScalarAsync<long>("select count(distinct Address) from OrleansMembershipTable where Status = 3"));
        Assert.Equal(0, await SaidToStrangerAsync(_clouds.Gcp));
        Assert.Equal(0, await SaidToStrangerAsync(_clouds.Azure));

        await using var balancer = new Balancer(_nodes);
        await using var crowd = new Crowd(balancer, population.Resources, seed: 5);
        await crowd.ConnectAsync(population.Gateways);
        await crowd.ConnectAsync([.. population.Clients.Take(100)], watched: true, asking: true);
        await crowd.ConnectAsync([.. population.Clients.Skip(100)], asking: true);
        await crowd.WhenAllReadyAsync(Patience);
        await crowd.AskAsync(FlowsPerSecond);
        await crowd.WhenAsync(() => crowd.Figures.Flows.Count >= 3 * FlowsPerSecond, Patience, "at work");
        output.WriteLine($"before, load {Machine.Load}: {await crowd.TakeAsync()}");

        foreach (var node in _nodes)
        {
            node.Command = [.. node.Command.SkipLast(1), Builds.Next];
            await node.RestartAsync();
            await crowd.WhenAllReadyAsync(Patience);
            await crowd.WhenAsync(() => crowd.Figures.Flows.Count >= 2 * FlowsPerSecond, Patience, "at work");
            var figures = await crowd.TakeAsync();
            output.WriteLine($"upgraded, load {Machine.Load}: {figures}");
            SessionRules.AssertKept(figures, hadSockets: true);
            Assert.Equal(Builds.Next, new FileInfo($"/proc/{node.Process.Id}/exe").LinkTarget);
        }

        await crowd.AskAsync(perSecond: 0);
        await crowd.WhenNoFlowAsync(Patience);
        Assert.Equal(0, (await crowd.TakeAsync()).Unanswered);
        Assert.Equal(2, await _server.ScalarAsync<long>("select count(distinct Address) from OrleansMembershipTable where Status = 3"));
    }

    private Node Node(Cloud cloud)
    {
        var folder = new CertificateFolder(_authority.Issue(), _authority.Pem);
        _folders.Add(folder);
        var environment = new Dictionary<string, string>
        {
            ["FIREZONE_DATABASE"] = _server!.ConnectionStringAt(_clouds.Database),
            ["Silo__AdvertisedAddress"] = cloud.Address,
            ["Firezone__Region"] = cloud.Region,
            ["FrontEnd__Urls"] = $"http://{cloud.Address}:8081",
            ["FrontEnd__HealthPort"] = "0",
            ["Admin__Url"] = "",
            ["Operations__Url"] = "",
            // All devices come from one address here.
            ["FrontEnd__ConnectRate__Enabled"] = "false",
            ["FrontEnd__MaxSessionsPerAddress"] = "10000",
            ["DOTNET_gcServer"] = "0",
        };
        foreach (var (key, value) in folder.Settings)
            environment[key] = value;
        return new Node(["ip", "netns", "exec", cloud.Namespace, Builds.Old], cloud.Address, 8081, environment);
    }

    /// <summary>What a silo says to somebody without a certificate who has reached it from outside of both clouds.</summary>
    private static async Task<int> SaidToStrangerAsync(Cloud cloud)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(cloud.Address, 11111);
        await client.GetStream().WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
        try
        {
            return await client.GetStream().ReadAsync(new byte[100]);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
