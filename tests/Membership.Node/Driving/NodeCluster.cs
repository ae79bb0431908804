namespace Firezone.Membership.Node.Driving;

/// <summary>The nodes of one cluster. All processes that are left are killed when it is disposed.</summary>
/// <param name="provider">Of nodes for which nothing else is said.</param>
/// <param name="connection">How the nodes reach the membership database.</param>
public sealed class NodeCluster(string provider, string connection) : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private readonly List<NodeProcess> _nodes = [];

    /// <summary>Unique, so that clusters can share a database.</summary>
    public string Id { get; } = "c" + Guid.NewGuid().ToString("N")[..12];

    /// <summary>The nodes started so far, also those that have ended.</summary>
    public IReadOnlyList<NodeProcess> Nodes => _nodes;

    public IEnumerable<NodeProcess> Silos => _nodes.Where(node => node.Launch.Role == "silo");

    /// <summary>Starts a silo and waits for nothing but its name.</summary>
    /// <param name="change">Changes what it is started with.</param>
    public async Task<NodeProcess> LaunchSiloAsync(Func<NodeLaunch, NodeLaunch>? change = null)
    {
        var node = Launch("silo", Ports.Next(), Ports.Next(), change);
        await node.WaitAsync("ready", StartTimeout);
        return node;
    }

    /// <summary>Starts a silo and waits until it is active.</summary>
    public async Task<NodeProcess> StartSiloAsync(Func<NodeLaunch, NodeLaunch>? change = null)
    {
        var node = await LaunchSiloAsync(change);
        await node.ActiveAsync(StartTimeout);
        return node;
    }

    /// <summary>Starts silos side by side and waits until each sees all of them.</summary>
    public async Task<IReadOnlyList<NodeProcess>> StartSilosAsync(int count, Func<NodeLaunch, NodeLaunch>? change = null)
    {
        var silos = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => StartSiloAsync(change)));
        await AgreeAsync(silos, silos, StartTimeout);
        return silos;
    }

    /// <summary>Starts an external client and waits until it is connected.</summary>
    public async Task<NodeProcess> StartClientAsync(Func<NodeLaunch, NodeLaunch>? change = null)
    {
        var node = Launch("client", 0, 0, change);
        await node.ActiveAsync(StartTimeout);
        return node;
    }

    /// <summary>Waits until each observer sees exactly these silos as active.</summary>
    public static Task AgreeAsync(IEnumerable<NodeProcess> observers, IEnumerable<NodeProcess> active, TimeSpan timeout)
    {
        string[] expected = [.. active.Select(silo => silo.Silo)];
        return Task.WhenAll(observers.Select(silo => silo.WhenViewAsync(view => view.HasExactly(expected), NodeProcess.Now(), timeout)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            node.Signal(NodeSignal.Kill);
        foreach (var node in _nodes)
            await node.DisposeAsync();
    }

    private NodeProcess Launch(string role, int siloPort, int gatewayPort, Func<NodeLaunch, NodeLaunch>? change)
    {
        var launch = new NodeLaunch
        {
            Role = role,
            Provider = provider,
            Connection = connection,
            Cluster = Id,
            SiloPort = siloPort,
            GatewayPort = gatewayPort,
        };
        var node = NodeProcess.Start(change is null ? launch : change(launch));
        lock (_nodes)
            _nodes.Add(node);
        return node;
    }
}
