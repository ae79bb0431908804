using Firezone.EndToEnd.Processes;
using Firezone.Shared;
using Xunit.Abstractions;

namespace Firezone.EndToEnd.Replicas;

/// <summary>A portal on a primary and a replica. What it complains of is in the output of the test.</summary>
internal sealed class ReplicatedPortal : IAsyncDisposable
{
    private const int MostLines = 60;
    private static readonly string[] Levels = [" warn: ", " fail: ", " crit: ", ".Routing."];

    private readonly ITestOutputHelper _output;
    private readonly bool _ownsCluster;

    private ReplicatedPortal(PostgresCluster cluster, Portal portal, ITestOutputHelper output, bool ownsCluster)
    {
        Cluster = cluster;
        Portal = portal;
        _output = output;
        _ownsCluster = ownsCluster;
    }

    public PostgresCluster Cluster { get; }

    public Portal Portal { get; }

    public static async Task<ReplicatedPortal> StartAsync(ITestOutputHelper output, bool synchronous = false, params (string Key, string Value)[] settings)
    {
        var cluster = await PostgresCluster.StartAsync();
        try
        {
            if (synchronous)
                await cluster.SetSynchronousAsync(true);
            return new ReplicatedPortal(cluster, await Portal.ReplicatedAsync(cluster, settings), output, ownsCluster: true);
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>On servers that are somebody else's.</summary>
    public static async Task<ReplicatedPortal> StartOnAsync(PostgresCluster cluster, ITestOutputHelper output, params (string Key, string Value)[] settings) =>
        new(cluster, await Portal.ReplicatedAsync(cluster, settings), output, ownsCluster: false);

    public async ValueTask DisposeAsync()
    {
        await Portal.DisposeAsync();
        if (_ownsCluster)
            await Cluster.DisposeAsync();
        var lines = Portal.Silo!.Output.Split('\n');
        foreach (var line in lines.Where(IsOfInterest).Take(MostLines))
            _output.WriteLine(line);
    }

    private static bool IsOfInterest(string line) => Levels.Any(level => line.Contains(level, StringComparison.Ordinal));
}
