using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime.MembershipService;

namespace Firezone.Membership.Postgres.Tests.Table;

/// <summary>Orleans' own provider.</summary>
internal static class AdoNetTable
{
    public static IMembershipTable Open(string connectionString, string cluster) => new AdoNetClusteringTable(
        new ServiceCollection().BuildServiceProvider(),
        Options.Create(new ClusterOptions { ClusterId = cluster, ServiceId = cluster }),
        Options.Create(new AdoNetClusteringSiloOptions { Invariant = "Npgsql", ConnectionString = connectionString }),
        NullLogger<AdoNetClusteringTable>.Instance);

    public static async Task<IMembershipTable> StartAsync(string connectionString, string cluster)
    {
        var table = Open(connectionString, cluster);
        await table.InitializeMembershipTableAsync(true);
        return table;
    }
}
