using Firezone.Membership.Node.Driving;

namespace Firezone.Membership.Bench;

/// <summary>Three silos and an external client that has called grains on each of them.</summary>
internal sealed class Trio : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private Trio(string provider, string connection) => Cluster = new NodeCluster(provider, connection);

    public NodeCluster Cluster { get; }

    public List<NodeProcess> Silos { get; } = [];

    public NodeProcess Client { get; private set; } = null!;

    public static async Task<Trio> StartAsync(string provider, string connection)
    {
        var trio = new Trio(provider, connection);
        try
        {
            trio.Silos.AddRange(await trio.Cluster.StartSilosAsync(Plan.Silos));
            await trio.RenewClientAsync();
            return trio;
        }
        catch
        {
            await trio.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client that starts now knows all silos, whichever provider it uses.</summary>
    public async Task RenewClientAsync()
    {
        if (Client is not null)
            await Client.DisposeAsync();
        Client = await Cluster.StartClientAsync();
        await Client.WhenGatewaysAsync(live => live.Count >= Plan.Silos, 0, Patience);
        await CallAsync(TimeSpan.FromSeconds(1));
    }

    /// <summary>The client has this silo in its list and a connection to it; a client that would learn of it in a minute is replaced.</summary>
    public async Task MakeKnownAsync(NodeProcess silo)
    {
        try
        {
            await Client.WhenGatewaysAsync(live => live.Contains(silo.Gateway), NodeProcess.Now(), TimeSpan.FromSeconds(2));
            await CallAsync(TimeSpan.FromSeconds(1));
        }
        catch (NodeFailedException)
        {
            await RenewClientAsync();
        }
    }

    /// <summary>Makes calls for a while, so that connections are there and the code is compiled.</summary>
    public async Task CallAsync(TimeSpan duration)
    {
        await Client.StartLoadAsync(8, Plan.Load.Grains, Plan.Load.Pause);
        await Task.Delay(duration, TimeProvider.System);
        await Client.StopLoadAsync();
    }

    /// <summary>The others have no trace of it among the active silos any more.</summary>
    public Task SettleAsync() => NodeCluster.AgreeAsync(Silos, Silos, 2 * Plan.Cap);

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}
