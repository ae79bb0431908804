namespace Firezone.Grains.Tests.Cluster;

/// <summary>One cluster for a test class; every test makes an account of its own in it.</summary>
public sealed class GrainClusterFixture : IAsyncLifetime
{
    public GrainCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync() => Cluster = await GrainCluster.StartAsync();

    public async Task DisposeAsync() => await Cluster.DisposeAsync();
}
